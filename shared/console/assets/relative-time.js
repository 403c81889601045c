const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/**
 * The same words as the server writes (`presentation/relative-time.ts`): `assets.test.ts` holds them equal.
 * @param {number} at ms since 1970
 * @param {number} now ms since 1970
 */
export function relativeTime(at, now) {
  const ms = now - at
  if (ms < 1_000) return 'now'
  if (ms < minute) return `${Math.floor(ms / 1_000)} s ago`
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`
  if (ms < day) return `${Math.floor(ms / hour)} h ago`
  const days = Math.floor(ms / day)
  return days === 1 ? 'a day ago' : `${days} days ago`
}
