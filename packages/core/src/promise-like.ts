/** Whether a port's answer is to be waited for: query builders and the like are no promises, but behave as such. */
export function isPromiseLike<T>(answer: T | PromiseLike<T>): answer is PromiseLike<T> {
  if ((typeof answer !== 'object' && typeof answer !== 'function') || answer === null) return false
  return typeof (answer as { readonly then?: unknown }).then === 'function'
}
