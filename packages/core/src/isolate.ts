/** Does `work` of a host's. What it throws, or rejects with if it is an async function, is complained about and goes no further. */
export function isolate(work: () => unknown, complain: (error: unknown) => void): void {
  try {
    const returned = work()
    if (returned instanceof Promise) returned.catch(complain)
  } catch (error) {
    complain(error)
  }
}
