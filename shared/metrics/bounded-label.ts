/**
 * Model names come from clients, and every label value is a time series until the process ends. The first
 * `limit` values are kept; later ones become `other`. No cache: an evicted value would still be a series.
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
