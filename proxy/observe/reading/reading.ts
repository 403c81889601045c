import type { StreamFacts } from '../../../shared/record/record.ts'
import type { Answer } from '../folds/fold.ts'

/** Takes in the bytes of one answer. */
export type Reading = {
  /** @param at when the chunk came, on the monotonic clock in ms */
  push(chunk: Buffer, at: number): void
  /**
   * Called once, when no more will come, whether the answer is whole or not.
   * @returns a promise where the last bytes are still being decoded
   */
  end(): Seen | Promise<Seen>
}

/** A reading that has seen each byte as soon as it is pushed. */
export type PlainReading = Pick<Reading, 'push'> & { end(): Seen }

/** What was seen in the bytes. */
export type Seen = {
  readonly answer: Answer
  readonly stream?: StreamFacts
  /** When the first content came, on the monotonic clock in ms; only for streams. */
  readonly firstTokenAt?: number
  /** Bytes that were over a limit or could not be decoded. */
  readonly unseenBytes: number
}

/** What the upstream said of its answer before giving it. */
export type ResponseHead = {
  readonly status: number
  /** In lower case, without parameters; empty where not given. */
  readonly mediaType: string
  /** The content-encoding in lower case; empty where not given. */
  readonly encoding: string
}

export function readHead(status: number, headers: Readonly<Record<string, string>>): ResponseHead {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';')
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase()
  return {
    status,
    mediaType: mediaType.trim().toLowerCase(),
    encoding: encoding === 'identity' ? '' : encoding,
  }
}
