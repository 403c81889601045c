import {
  frameBytes,
  headBytes,
  RingView,
  readWord,
  settledWord,
  sleepingWord,
  wrapMark,
  writtenWord,
} from './ring.ts'

/** The relay's side of a ring. */
export class RingWriter extends RingView {
  /** The last position that the reader was seen at: asked again only where that is not enough. */
  #read = 0
  #written = 0
  #frames = 0

  /** @returns false where it does not fit beside `spareBytes`, which stay free for what matters more */
  write(kind: number, call: number, at: number, payload: Uint8Array, spareBytes = 0): boolean {
    const place = this.#claim(payload.length, spareBytes)
    if (place < 0) return false
    this.bytes.set(payload, place + headBytes)
    this.#publish(place, payload.length, kind, call, at)
    return true
  }

  /** The same for a text of characters up to U+00FF, one byte each. */
  writeLatin1(kind: number, call: number, at: number, text: string, spareBytes = 0): boolean {
    const place = this.#claim(text.length, spareBytes)
    if (place < 0) return false
    this.bytes.write(text, place + headBytes, 'latin1')
    this.#publish(place, text.length, kind, call, at)
    return true
  }

  /** Share of the memory that the reader has not freed: 0 to 1. */
  get fill(): number {
    return ((this.#written - Atomics.load(this.control, readWord)) | 0) / this.size
  }

  /** True where the reader has gone to sleep and must be woken; asked once, it is taken for awake. */
  takeSleeping(): boolean {
    return (
      Atomics.load(this.control, sleepingWord) === 1 &&
      Atomics.compareExchange(this.control, sleepingWord, 1, 0) === 1
    )
  }

  /** The newest pack whose calls are among those that are settled. */
  get settledPack(): number {
    return this.pack
  }

  /** What the reader has settled so far; readable after its thread has died, too. */
  get settled(): number {
    return Atomics.load(this.control, settledWord)
  }

  /** Frames that were written so far, modulo 2^32. */
  get frames(): number {
    return this.#frames
  }

  /** Frames, from the first one on, that the reader's journal has. */
  get safeFrames(): number {
    return this.safe.frames
  }

  /** @returns where a frame of this payload begins, or -1 where there is no room */
  #claim(payloadBytes: number, spareBytes: number): number {
    const needed = frameBytes(payloadBytes)
    let offset = this.#written & (this.size - 1)
    const skipped = this.size - offset < needed ? this.size - offset : 0
    if (!this.#hasRoom(skipped + needed + spareBytes)) return -1
    if (skipped > 0) {
      this.words[offset >> 2] = wrapMark
      this.#written = (this.#written + skipped) | 0
      offset = 0
    }
    return offset
  }

  #hasRoom(bytes: number): boolean {
    if (this.size - ((this.#written - this.#read) | 0) >= bytes) return true
    this.#read = Atomics.load(this.control, readWord)
    return this.size - ((this.#written - this.#read) | 0) >= bytes
  }

  #publish(place: number, length: number, kind: number, call: number, at: number): void {
    const word = place >> 2
    this.words[word] = length
    this.words[word + 1] = kind
    this.words[word + 2] = call
    this.times[(place + 16) >> 3] = at
    this.#written = (this.#written + frameBytes(length)) | 0
    this.#frames = (this.#frames + 1) | 0
    // The release that makes the frame visible to the reader.
    Atomics.store(this.control, writtenWord, this.#written)
  }
}
