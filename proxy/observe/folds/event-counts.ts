import { truncateText } from '../capture/text.ts'

/** Numbers of events by type. */
export type EventCounts = {
  add(type: string): void
  /** @returns undefined where there were none */
  read(): Readonly<Record<string, number>> | undefined
}

/** Types that are counted separately; further ones count as `other`. */
const maxTypes = 20
const maxTypeBytes = 100

export function createEventCounts(): EventCounts {
  const counts = new Map<string, number>()

  return {
    add(type) {
      const isSeparate = counts.has(type) || counts.size < maxTypes
      const name = isSeparate ? truncateText(type, maxTypeBytes) : 'other'
      counts.set(name, (counts.get(name) ?? 0) + 1)
    },
    read: () => (counts.size === 0 ? undefined : Object.fromEntries(counts)),
  }
}
