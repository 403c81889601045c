import { relativeTime } from './relative-time.js'

const tickMs = 5_000

/**
 * Times stay true on a page that stays open, and are exact on hover, in the browser's own time zone.
 * @param {Document} root
 */
export function tickTimes(root) {
  localTimes(root)
  const clockAhead = clockAheadOf(root)
  const tick = () => {
    if (!root.hidden) relativeTimes(root, Date.now() + clockAhead)
  }
  setInterval(tick, tickMs)
  root.addEventListener('visibilitychange', tick)
}

/**
 * What the server's clock has ahead of this one's: the page says when it was written.
 * @param {Document} root
 * @returns {number} ms
 */
function clockAheadOf(root) {
  const at = Number(root.querySelector('meta[name="now"]')?.getAttribute('content') ?? Number.NaN)
  return Number.isFinite(at) ? at - Date.now() : 0
}

/** @param {ParentNode} root */
function localTimes(root) {
  for (const [time, at] of timesIn(root)) {
    const date = new Date(at)
    const milliseconds = String(date.getMilliseconds()).padStart(3, '0')
    time.setAttribute('title', `${date.toLocaleString()} (.${milliseconds})`)
  }
}

/** @param {ParentNode} root @param {number} now ms since 1970 */
function relativeTimes(root, now) {
  for (const [time, at] of timesIn(root)) {
    const text = relativeTime(at, now)
    // Left alone where it is the same: somebody may have selected it.
    if (time.textContent !== text) time.textContent = text
  }
}

/** @param {ParentNode} root @returns {[Element, number][]} elements with their times, ms since 1970 */
function timesIn(root) {
  return [...root.querySelectorAll('time[datetime]')].flatMap((time) => {
    const at = Date.parse(time.getAttribute('datetime') ?? '')
    return Number.isNaN(at) ? [] : [[time, at]]
  })
}
