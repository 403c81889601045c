import type { Json } from '../../shared/json.ts'
import type { CallError, InferenceRecord } from '../../shared/record/record.ts'

/** What is known of a call before the upstream is asked: the part of its record that will not change, and more. */
export type Call = Pick<
  InferenceRecord,
  'id' | 'trace' | 'context' | 'operation' | 'method' | 'route' | 'provider' | 'upstream'
> & {
  readonly retry: number
  /** The client's own id of the call, where it sent one. */
  readonly clientId?: string
  /** The record of the first attempt, where this one repeats it; see attempts.ts. */
  readonly attemptOf?: string
  /** The request body as the client sent it, where it was read and is JSON. */
  readonly body?: Json
  /** Wall clock, ms since 1970. */
  readonly startedAt: number
  /** The same moment on the monotonic clock, in ms. */
  readonly startedMonotonic: number
}

/** How the relay of a call came to its end. */
export type RelayEnd =
  /** The upstream's answer was passed on to its last byte. */
  | { readonly kind: 'relayed' }
  | { readonly kind: 'client_closed' }
  /** The upstream's connection broke within its answer. */
  | { readonly kind: 'upstream_closed'; readonly error: CallError }
  | { readonly kind: 'timed_out'; readonly error: CallError }
  /** There was no answer at all: unreachable, refused, reset before the status line. */
  | { readonly kind: 'no_answer'; readonly error: CallError }

/**
 * Watches one call go by. The relay tells it everything after the fact, when the client already has it; it
 * does no I/O, and where it throws, the relay goes on without it.
 */
export type CallObserver = {
  /** @param headers the upstream's, lower-case names; of repeated ones the last */
  responseStarted(status: number, headers: Readonly<Record<string, string>>): void
  /** @param chunk as the upstream sent it: still compressed, the usage frame still in it */
  responseData(chunk: Buffer): void
  /**
   * Called once, last.
   * @returns a promise where the last bytes are still being decoded
   */
  finish(end: RelayEnd, requestBytes: number): InferenceRecord | Promise<InferenceRecord>
}
