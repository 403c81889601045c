import type { Json } from '../../../shared/json.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { CallError } from '../../../shared/record/record.ts'
import type { Usage } from '../../../shared/record/usage.ts'

/** What an answer came to, streamed or not. */
export type Answer = {
  readonly model?: string
  readonly id?: string
  readonly output?: Output
  readonly usage: Usage
  /** What the answer itself says went wrong. */
  readonly error?: CallError
  /** The answer has said that it is whole; dialects without an end mark are always whole. */
  readonly ended: boolean
  /** Events of types that the fold does not know, counted by type. */
  readonly unknownEvents?: Readonly<Record<string, number>>
}

/**
 * Puts an answer together from its parsed pieces: the events of a stream, or the one body of a plain answer,
 * which is a stream of one event. One fold per dialect; none of them throws, whatever it is given.
 */
export type Fold = {
  /** @returns true when the event brought something that the model made: text, reasoning, a tool call */
  event(data: Json): boolean
  answer(): Answer
}
