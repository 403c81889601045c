/** A value, and which of its keys nobody has read since. */
export type Watched<T> = { readonly value: T; readonly unread: ReadonlySet<string> }

/**
 * Generated validators read exactly the fields that their schema knows, so what they leave unread is what it does not
 * know: misspelt, or of another version.
 */
export function watchReads<T>(value: T): Watched<T> {
  const unread = new Set<string>()
  return { value: watch(value, '', unread) as T, unread }
}

function watch(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const inner = new Map<PropertyKey, unknown>()
  for (const [key, child] of Object.entries(value)) {
    unread.add(`${path}.${key}`)
    inner.set(key, watch(child, `${path}.${key}`, unread))
  }
  return new Proxy(value, {
    get(target, key, receiver) {
      if (!inner.has(key)) return Reflect.get(target, key, receiver)
      unread.delete(`${path}.${String(key)}`)
      return inner.get(key)
    },
  })
}
