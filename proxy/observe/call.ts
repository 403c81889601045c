import type { Json } from '../../shared/json.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { RelayEnd } from '../tape/relay-end.ts'
import type { Progress } from './folds/progress.ts'

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

/** A response that is still coming. Times are in ms of the monotonic clock. */
export type ResponseProgress = Partial<Progress> & {
  readonly status?: number
  readonly bodyBytes: number
  readonly firstByteAt?: number
  readonly firstTokenAt?: number
}

/** Observes one call, from what the relay wrote of it. It does no I/O. Times are ms on the relay's monotonic clock. */
export type CallObserver = {
  /** @param headers of the upstream, by lower-case name; of repeated ones the last */
  responseStarted(status: number, headers: Readonly<Record<string, string>>): void
  /** @param chunk as the upstream sent it: still compressed, with the usage frame; valid only until it returns */
  responseData(chunk: Buffer, at: number): void
  /** What has come of the response so far; changes nothing. */
  progress(): ResponseProgress
  /**
   * Called once, last.
   * @returns a promise where the last bytes are still being decompressed
   */
  finish(end: RelayEnd, requestBytes: number, at: number): InferenceRecord | Promise<InferenceRecord>
}
