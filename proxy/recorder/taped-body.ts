import type { Json } from '../../shared/json.ts'
import { decodeBody } from '../content-codings/decode-body.ts'
import { parseBoundedJson } from './bounded-json.ts'

/** Limit of a compressed request body when decoded. */
const maxInflatedBytes = 8_388_608

/** The request body of one call, as far as it was on the tape. */
export class TapedBody {
  #chunks: Buffer[] = []
  #isKept = true

  /** @param chunk valid only until this returns */
  add(chunk: Buffer): void {
    if (this.#isKept) this.#chunks.push(Buffer.from(chunk))
  }

  /** From now on, and of what has come, nothing is kept. */
  drop(): void {
    this.#isKept = false
    this.#chunks = []
  }

  /** @returns all of it, once, or undefined where nothing was kept: a call may last much longer than its body is of use */
  take(): Buffer | undefined {
    const chunks = this.#chunks
    this.#chunks = []
    if (chunks.length === 0) return undefined
    return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
  }
}

/**
 * @param contentEncoding the header, where there was one
 * @returns undefined where the body is not JSON, or in an unknown coding, or decodes to more than the limit
 */
export function parseBody(bytes: Buffer, contentEncoding: string | undefined): Json | undefined {
  const coding = (contentEncoding ?? '').trim().toLowerCase()
  const decoded = decodeBody(bytes, coding === 'identity' ? '' : coding, maxInflatedBytes)
  return decoded && parseBoundedJson(decoded)
}
