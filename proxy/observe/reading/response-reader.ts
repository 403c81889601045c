import type { StreamFacts } from '../../../shared/record/record.ts'
import type { FoldedResponse } from '../folds/fold.ts'

/** Takes in the bytes of one answer. */
export type ResponseReader = {
  /** @param at when the chunk came, on the monotonic clock in ms */
  push(chunk: Buffer, at: number): void
  /**
   * Called once, when no more will come, whether the answer is whole or not.
   * @returns a promise where the last bytes are still being decoded
   */
  end(): ReadResult | Promise<ReadResult>
}

/** A reading that has seen each byte as soon as it is pushed. */
export type SyncResponseReader = Pick<ResponseReader, 'push'> & { end(): ReadResult }

/** What was seen in the bytes. */
export type ReadResult = {
  readonly answer: FoldedResponse
  readonly stream?: StreamFacts
  /** When the first content came, on the monotonic clock in ms; only for streams. */
  readonly firstTokenAt?: number
  /** Bytes that were over a limit or could not be decoded. */
  readonly unseenBytes: number
}

/** What the upstream said of its answer before giving it. */
export type ResponseMeta = {
  readonly status: number
  /** In lower case, without parameters; empty where not given. */
  readonly mediaType: string
  /** The content-encoding in lower case; empty where not given. */
  readonly encoding: string
}

export function responseMeta(status: number, headers: Readonly<Record<string, string>>): ResponseMeta {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';')
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase()
  return {
    status,
    mediaType: mediaType.trim().toLowerCase(),
    encoding: encoding === 'identity' ? '' : encoding,
  }
}
