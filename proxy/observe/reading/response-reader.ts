import type { StreamFacts } from '../../../shared/record/record.ts'
import type { FoldedResponse } from '../folds/fold.ts'

/** Reads the bytes of one response body. */
export type ResponseReader = {
  /** @param at when the chunk arrived, in ms of the monotonic clock */
  push(chunk: Buffer, at: number): void
  /**
   * Called once, after the last chunk, whether the body is complete or not.
   * @returns a promise where the last bytes are still being decompressed
   */
  end(): ReadResult | Promise<ReadResult>
  /** When the first generated content arrived, in ms of the monotonic clock, as far as it has; of streams alone. */
  firstTokenAt?(): number | undefined
}

/** A reader that has processed each chunk when `push` returns. */
export type SyncResponseReader = Pick<ResponseReader, 'push' | 'firstTokenAt'> & { end(): ReadResult }

export type ReadResult = {
  readonly response: FoldedResponse
  readonly stream?: StreamFacts
  /** When the first generated content arrived, in ms of the monotonic clock; streams only. */
  readonly firstTokenAt?: number
  /** When the longest time between two events began, in ms of the monotonic clock. */
  readonly largestGapAt?: number
  /** In ms of the monotonic clock. */
  readonly lastEventAt?: number
  /** Bytes that were over a limit or could not be decoded. */
  readonly unseenBytes: number
}

/** What decides how a body is read. */
export type ResponseMeta = {
  readonly status: number
  /** Lower-case, without parameters; empty where not given. */
  readonly mediaType: string
  /** The content-encoding in lower case; empty where not given, or identity. */
  readonly encoding: string
}

/** @param headers by lower-case name */
export function responseMeta(status: number, headers: Readonly<Record<string, string>>): ResponseMeta {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';')
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase()
  return {
    status,
    mediaType: mediaType.trim().toLowerCase(),
    encoding: encoding === 'identity' ? '' : encoding,
  }
}
