import type { Json } from '../../../shared/json.ts'
import { truncateText } from '../capture/text.ts'

/** Numbers of events by type. */
export type EventCounts = {
  add(type: string): void
  /** @param type as the event has it, a text or not; an event without one is not counted */
  addType(type: Json | undefined): void
  /** @returns undefined where there were none */
  read(): Readonly<Record<string, number>> | undefined
}

/** Types that are counted separately; further ones count as `other`. */
const maxTypes = 20
const maxTypeBytes = 100

export function createEventCounts(): EventCounts {
  const counts = new Map<string, number>()

  function add(type: string): void {
    const short = truncateText(type, maxTypeBytes)
    const name = counts.has(short) || counts.size < maxTypes ? short : 'other'
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }

  return {
    add,
    addType(type) {
      if (typeof type === 'string') add(type)
    },
    read: () => (counts.size === 0 ? undefined : Object.fromEntries(counts)),
  }
}
