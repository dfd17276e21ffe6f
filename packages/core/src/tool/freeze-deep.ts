/**
 * Freezes plain objects and lists, and what is in them: what was judged is what is done. Instances of classes, which a
 * schema may make, stay as they are.
 */
export function freezeDeep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) for (const item of value) freezeDeep(item)
  else {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return value
    for (const key in value) freezeDeep((value as Record<string, unknown>)[key])
  }
  return Object.freeze(value)
}
