import type { Json } from '../../../shared/json.ts'
import { truncateText } from '../capture/text.ts'

/** Counts events of types that a fold does not know. */
export type UnknownEvents = {
  /** @param type as the event has it, a text or not; an event without one is not counted */
  count(type: Json | undefined): void
  /** @returns undefined where there were none */
  read(): Readonly<Record<string, number>> | undefined
}

/** Types that are counted separately; further ones count as `other`. */
const maxTypes = 20

export function createUnknownEvents(): UnknownEvents {
  const counts = new Map<string, number>()
  return {
    count(type) {
      if (typeof type !== 'string') return
      const short = truncateText(type, 100)
      const name = counts.has(short) || counts.size < maxTypes ? short : 'other'
      counts.set(name, (counts.get(name) ?? 0) + 1)
    },
    read: () => (counts.size === 0 ? undefined : Object.fromEntries(counts)),
  }
}
