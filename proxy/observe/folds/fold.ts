import type { Json } from '../../../shared/json.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { CallError } from '../../../shared/record/record.ts'
import type { ServedFacts } from '../../../shared/record/served.ts'
import type { Usage } from '../../../shared/record/usage.ts'
import type { Progress } from './progress.ts'

/** What the events of a response add up to, streamed or not. */
export type FoldedResponse = {
  readonly model?: string
  readonly id?: string
  readonly output?: Output
  readonly usage: Usage
  readonly served?: ServedFacts
  /** The error that the body reports, whatever the status. */
  readonly error?: CallError
  /** The end mark was seen; always true in dialects without one. */
  readonly ended: boolean
  /** No event was of the fold's dialect. */
  readonly unrecognized?: true
  /** Events of types that the fold does not know, counted by type. */
  readonly unknownEvents?: Readonly<Record<string, number>>
  /** Events of known types of which nothing was kept, counted by type. */
  readonly unusedEvents?: Readonly<Record<string, number>>
}

/**
 * Folds parsed events into one response. A response that is not streamed is a stream of one event, its body.
 * There is one fold per dialect; none of them throws, whatever JSON it is given.
 */
export type Fold = {
  /** @returns true when the event carried something the model generated: text, reasoning, a tool call */
  add(event: Json): boolean
  result(): FoldedResponse
  /** What has come so far; changes nothing. Absent in dialects that do not grow text by text. */
  progress?(): Progress
}
