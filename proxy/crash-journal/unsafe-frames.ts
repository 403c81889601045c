import { CredentialsInFront } from '../tape/credentials-in-front.ts'
import { isBegin, kinds, readResponseHead, writeResponseHead } from '../tape/messages.ts'
import type { FrameReader, RingMemory } from '../tape/ring.ts'
import { RingReader } from '../tape/ring-reader.ts'
import type { RingWriter } from '../tape/ring-writer.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { bodyOf, leftOutKinds } from './left-out.ts'
import type { MayJournal } from './may-journal.ts'
import { beginOfUnknownCaller, beginOfUnknownTenant } from './tenant-header.ts'

/** What is on the tape and in no journal yet; seen from the relay, which writes there. No credential is handed out. */
export class UnsafeFrames {
  readonly #reader: RingReader
  readonly #ring: Pick<RingWriter, 'frames'>
  readonly #mayJournal: MayJournal
  readonly #credentials = new CredentialsInFront()
  readonly #buffer = new FrameBuffer()
  /** What comes next may be a beginning whose credentials have been passed over. */
  #isAfterSafe = false
  /** Bodies are left out of a batch that has as much. */
  #maxBytes = 0

  constructor(memory: RingMemory, ring: Pick<RingWriter, 'frames'>, mayJournal: MayJournal) {
    this.#mayJournal = mayJournal
    this.#reader = new RingReader(memory)
    this.#ring = ring
  }

  /** Whether something has come since the last time. */
  get hasMore(): boolean {
    return this.#reader.unpeeked > 0
  }

  /** Frames of the tape, from its first one on, up to what was taken last. */
  get end(): number {
    return this.#reader.peeked.frames
  }

  /**
   * Takes what has come since the last time, without what is safe by now.
   * @param maxBytes after so many bytes the rest is left for the next time: `hasMore`, then
   * @param isAll the rest is taken as well, without its bodies
   * @returns to be given back with `release`; undefined where there is nothing
   */
  take(maxBytes: number, isAll: boolean): Buffer | undefined {
    // The disk was so slow that the relay has come around the memory again.
    if (this.#reader.unpeeked > this.#reader.size) this.skip()
    if (this.#reader.skipSafe()) this.#isAfterSafe = true
    const begin = this.end
    const { bodies } = this.#mayJournal
    this.#maxBytes = bodies ? maxBytes : 0
    this.#reader.peek(this.#visit, isAll || !bodies ? Number.POSITIVE_INFINITY : maxBytes)
    return this.#buffer.size === 0 ? undefined : this.#buffer.take({ begin, end: this.end })
  }

  release(batch: Buffer): void {
    this.#buffer.release(batch)
  }

  /** Passes over what has come since the last time. */
  skip(): void {
    this.#reader.skipUnpeeked(this.#ring.frames)
  }

  readonly #visit: FrameReader = (kind, call, at, payload) => {
    const body = bodyOf(kind)
    if (body !== undefined && this.#buffer.size >= this.#maxBytes)
      this.#buffer.addLatin1(leftOutKinds[body], call, at, String(payload.length))
    else if (kind === kinds.credentials) {
      this.#credentials.note(call, payload)
      // An empty frame in their place: frames are counted.
      this.#buffer.add(kind, call, at, nothing)
    } else if (!this.#mayJournal.headers && hasHeaders(kind))
      this.#buffer.addLatin1(kind, call, at, withoutHeaders(kind, payload))
    else if (isBegin(kind) && (this.#isAfterSafe || this.#credentials.of(call) !== ''))
      this.#buffer.addLatin1(kind, call, at, beginOfUnknownTenant(payload))
    else this.#buffer.add(kind, call, at, payload)
    this.#isAfterSafe = false
  }
}

const nothing = Buffer.alloc(0)

const hasHeaders = (kind: number): boolean => isBegin(kind) || kind === kinds.responseHead

const withoutHeaders = (kind: number, payload: Buffer): string =>
  isBegin(kind) ? beginOfUnknownCaller(payload) : writeResponseHead(readResponseHead(payload).status, [])
