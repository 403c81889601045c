import { createHash, type Hash } from 'node:crypto'
import type { Medium } from '../../../shared/record/media.ts'
import type { GrowingMedium, MediaCapture, MediaSide } from './media-capture.ts'
import { uploadType } from './upload-type.ts'
import { wavOfPcm16 } from './wav.ts'

/** Why a medium is described and no more. A closed set: it is a label. */
export const mediaOmissions = ['too_large', 'too_many', 'unsupported', 'memory_full'] as const

export type MediaOmission = (typeof mediaOmissions)[number]

export type MediaCollectorParts = {
  /** Keeps the bytes until the record is delivered. @returns false where they cannot be kept */
  readonly keep: (sha256: string, bytes: Buffer) => boolean
  /** There will be no record that names these. */
  readonly release: (hashes: readonly string[]) => void
  /** MEDIA_MAX_BYTES */
  readonly maxBytes: number
  /** Bytes that media of all calls may take in memory while they arrive. */
  readonly memory: { left: number }
  readonly onOmitted: (reason: MediaOmission) => void
}

/** The media of one call. */
export type MediaCollector = MediaCapture & {
  /** Media whose bytes are kept. */
  collected(): readonly Medium[]
  /** Gives back the memory of media that never ended. */
  close(): void
  /** Closes, and gives up what is kept: the call has no record. */
  discard(): void
}

/** More than any API takes in one call. */
const maxMedia = 100

export function createMediaCollector(parts: MediaCollectorParts): MediaCollector {
  const { keep, maxBytes, onOmitted } = parts
  const media: Medium[] = []
  const growing = new Set<Growing>()

  function take(field: Medium['field'], mediaType: string, sha256: string, bytes: Buffer): void {
    const isKnown = media.some((medium) => medium.sha256 === sha256 && medium.field === field)
    if (isKnown || bytes.length === 0) return
    const type = uploadType(mediaType, bytes)
    if (type === undefined) onOmitted('unsupported')
    else if (bytes.length > maxBytes) onOmitted('too_large')
    else if (media.length === maxMedia) onOmitted('too_many')
    else if (keep(sha256, bytes)) media.push({ field, mediaType: type, bytes: bytes.length, sha256 })
  }

  function grow(field: Medium['field']): GrowingMedium {
    const medium = new Growing(parts)
    growing.add(medium)
    return {
      push: (bytes) => medium.push(bytes),
      end(mediaType) {
        growing.delete(medium)
        const { bytes, sha256, whole } = medium.end()
        if (whole === undefined) return { mediaType, bytes, sha256 }
        const named = mediaType === 'audio/pcm' ? wavOfPcm16(whole) : whole
        const described = {
          mediaType: uploadType(mediaType, named) ?? mediaType,
          bytes: named.length,
          sha256: named === whole ? sha256 : createHash('sha256').update(named).digest('hex'),
        }
        take(field, described.mediaType, described.sha256, named)
        return described
      },
    }
  }

  function close(): void {
    for (const medium of growing) medium.end()
    growing.clear()
  }

  const sideOf = (field: Medium['field']): MediaSide => ({
    take: (...medium) => take(field, ...medium),
    grow: () => grow(field),
  })

  return {
    input: sideOf('input'),
    output: sideOf('output'),
    collected: () => media,
    close,
    discard() {
      close()
      parts.release(media.map(({ sha256 }) => sha256))
      media.length = 0
    },
  }
}

/** Hashes what is pushed, and holds it as long as it is within the limits. */
class Growing {
  readonly #parts: MediaCollectorParts
  readonly #hash: Hash = createHash('sha256')
  #chunks: Buffer[] | undefined = []
  #bytes = 0
  #held = 0

  constructor(parts: MediaCollectorParts) {
    this.#parts = parts
  }

  push(bytes: Buffer): void {
    const { maxBytes, memory } = this.#parts
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    if (this.#chunks === undefined) return
    if (this.#bytes > maxBytes) this.#drop('too_large')
    else if (bytes.length > memory.left) this.#drop('memory_full')
    else {
      this.#chunks.push(Buffer.from(bytes))
      this.#held += bytes.length
      memory.left -= bytes.length
    }
  }

  end(): { readonly bytes: number; readonly sha256: string; readonly whole: Buffer | undefined } {
    const whole = this.#chunks === undefined ? undefined : Buffer.concat(this.#chunks)
    this.#release()
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex'), whole }
  }

  #drop(reason: MediaOmission): void {
    this.#release()
    this.#parts.onOmitted(reason)
  }

  #release(): void {
    this.#parts.memory.left += this.#held
    this.#held = 0
    this.#chunks = undefined
  }
}
