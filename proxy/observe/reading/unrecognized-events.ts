import type { Json } from '../../../shared/json.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { CallError } from '../../../shared/record/record.ts'

/** The events of a stream for as long as its fold has found nothing in them. */
export type UnrecognizedEvents = {
  /** @param size characters of the event as JSON */
  add(event: Json, size: number): void
  /** @returns the events, as a body of unknown JSON is recorded; undefined where there is only the error */
  output(error: CallError | undefined): Output | undefined
}

/** Limit of what is kept of them. */
const maxCharacters = 1_048_576

export function createUnrecognizedEvents(): UnrecognizedEvents {
  const events: Json[] = []
  let characters = 0

  return {
    add(event, size) {
      characters += size
      if (characters <= maxCharacters) events.push(event)
    },
    output(error) {
      const [first] = events
      if (first === undefined || (error !== undefined && events.length === 1)) return undefined
      return { kind: 'json', value: events.length === 1 ? first : events }
    },
  }
}
