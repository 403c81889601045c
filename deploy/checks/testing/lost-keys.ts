/**
 * Paths of what is in `before` and not in `after`. Empty values count as absent: Go's `omitempty` leaves them out.
 */
export function lostKeys(before: unknown, after: unknown, path = ''): readonly string[] {
  if (isEmpty(before)) return []
  if (Array.isArray(before)) {
    const others = Array.isArray(after) ? after : []
    return before.flatMap((item, index) => lostKeys(item, others[index], `${path}[${index}]`))
  }
  if (typeof before === 'object' && before !== null) {
    const others = typeof after === 'object' && after !== null ? (after as Record<string, unknown>) : {}
    return Object.entries(before).flatMap(([key, value]) =>
      key in others || isEmpty(value) ? lostKeys(value, others[key], `${path}.${key}`) : [`${path}.${key}`],
    )
  }
  return after === undefined ? [path] : []
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0)
