import type { Refresh } from './gathered-metric.ts'

/** @returns a refresh that many metrics can have: all of them are scraped at once, and one reading serves them */
export function sharedRefresh(read: () => Promise<void>): Refresh {
  let reading: Promise<void> | undefined
  return () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
}
