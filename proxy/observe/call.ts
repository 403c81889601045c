import type { Json } from '../../shared/json.ts'
import type { CallError, InferenceRecord } from '../../shared/record/record.ts'

/** What is known of a call before it is forwarded: the final fields of its record, and what is needed to build it. */
export type Call = Pick<
  InferenceRecord,
  'id' | 'trace' | 'context' | 'operation' | 'method' | 'route' | 'provider' | 'upstream'
> & {
  /** How often the client has repeated the call, as it reports it. */
  readonly retry: number
  /** The client's own request id. */
  readonly clientId?: string
  /** Record id of the first attempt, where this call repeats one; see attempts.ts. */
  readonly attemptOf?: string
  /** The original request body, where it was read and is JSON. */
  readonly body?: Json
  /** Wall clock, ms since 1970. */
  readonly startedAt: number
  /** The same moment in ms of the monotonic clock. */
  readonly startedMonotonic: number
}

/** How the relay of a call ended. */
export type RelayEnd =
  /** The upstream's response was relayed to its last byte. */
  | { readonly kind: 'relayed' }
  | { readonly kind: 'client_closed' }
  /** The upstream's connection broke within the response. */
  | { readonly kind: 'upstream_closed'; readonly error: CallError }
  | { readonly kind: 'timed_out'; readonly error: CallError }
  /** There was no response at all: unreachable, refused, reset before the status line. */
  | { readonly kind: 'no_response'; readonly error: CallError }

/**
 * Observes one call. The relay notifies it after the client has been served; it does no I/O, and where it throws,
 * the relay continues without it.
 */
export type CallObserver = {
  /** @param headers of the upstream, by lower-case name; of repeated ones the last */
  responseStarted(status: number, headers: Readonly<Record<string, string>>): void
  /** @param chunk as the upstream sent it: still compressed, with the usage frame */
  responseData(chunk: Buffer): void
  /**
   * Called once, last.
   * @returns a promise where the last bytes are still being decompressed
   */
  finish(end: RelayEnd, requestBytes: number): InferenceRecord | Promise<InferenceRecord>
}
