/**
 * Exact times on hover are in the browser's own time zone.
 * @param {ParentNode} root
 */
export function localTimes(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.getAttribute('datetime') ?? '')
    if (Number.isNaN(at.getTime())) continue
    const milliseconds = String(at.getMilliseconds()).padStart(3, '0')
    time.setAttribute('title', `${at.toLocaleString()} (.${milliseconds})`)
  }
}
