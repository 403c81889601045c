/**
 * Model names come from clients, and each new one would be a new time series for ever. The first `limit`
 * names are kept, later ones share the value `other`.
 */
export function boundedLabel(limit: number): (value: string) => string {
  const known = new Set<string>()
  return (value) => {
    if (known.has(value)) return value
    if (known.size >= limit) return 'other'
    known.add(value)
    return value
  }
}
