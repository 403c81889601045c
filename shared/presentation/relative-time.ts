const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** @returns `now`, `12 s ago`, `3 min ago`, `5 h ago`, `2 days ago`; a time to come is `now` */
export function relativeTime(at: number, now: number): string {
  const ms = now - at
  if (ms < 1_000) return 'now'
  if (ms < minute) return `${Math.floor(ms / 1_000)} s ago`
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`
  if (ms < day) return `${Math.floor(ms / hour)} h ago`
  const days = Math.floor(ms / day)
  return days === 1 ? 'a day ago' : `${days} days ago`
}
