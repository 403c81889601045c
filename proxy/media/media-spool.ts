import type { Part } from '../../shared/lifecycle.ts'
import { createMediaFiles } from './media-files.ts'
import { createMediaIndex } from './media-index.ts'
import { createMediaWriter } from './media-writer.ts'

/** What became of the bytes of a medium. A closed set: it is a label. */
export const mediaOutcomes = [
  /** Written beside the records. */
  'kept',
  /** The same bytes are there already. */
  'repeated',
  /** The media being written were at their limit. */
  'memory_full',
  /** There is no room beside the records: SPOOL_MAX_BYTES. */
  'spool_full',
  'write_failed',
  /** Dropped later, to make room for records or newer media. */
  'evicted',
] as const

export type MediaOutcome = (typeof mediaOutcomes)[number]

export type MediaSpoolOptions = {
  /** DATA_DIR; the media are in the folder `media` in it. */
  readonly dir: string
  /** SPOOL_MAX_BYTES, which media share with records. */
  readonly maxBytes: number
  /** Bytes of records in the spool. */
  readonly recordBytes: () => number
  readonly onMedia: (outcome: MediaOutcome, media?: number) => void
}

/**
 * The bytes of media on local disk, each once, until the records that name them are settled. They give way to records, and a
 * record whose medium is gone keeps its note. Nothing is synced: what a power cut takes is missing, not wrong.
 */
export type MediaSpool = Part & {
  bytes(): number
  /** Keeps the bytes for one more record, written in the background. @returns false where they cannot be kept */
  keep(sha256: string, bytes: Buffer): boolean
  /** @returns undefined where they are gone */
  read(sha256: string): Promise<Buffer | undefined>
  /** One record that named each of these is settled. */
  release(hashes: readonly string[]): void
  /** Makes room for records. */
  evict(bytes: number): void
}

/** Limit of media that are not on disk yet. */
const maxUnwrittenBytes = 33_554_432

/** After a write has failed the disk is left to the records for this long. */
const pauseAfterFailureMs = 30_000

/** Opens the folder with what an earlier process left there. Never rejects: without a folder nothing can be kept. */
export async function openMediaSpool(options: MediaSpoolOptions): Promise<MediaSpool> {
  const { onMedia } = options
  const files = createMediaFiles(options.dir)
  const index = createMediaIndex(await files.list())
  const disk = { pausedUntil: Number.NEGATIVE_INFINITY }
  const writer = createMediaWriter(files, {
    written(sha256) {
      onMedia('kept')
      // It may have been released or evicted meanwhile.
      if (!index.has(sha256)) files.remove(sha256)
    },
    failed(sha256) {
      onMedia('write_failed')
      disk.pausedUntil = performance.now() + pauseAfterFailureMs
      index.remove(sha256)
    },
  })
  const removeFile = (sha256: string): void => {
    if (!writer.has(sha256)) files.remove(sha256)
  }

  function evict(bytes: number): void {
    for (const sha256 of index.oldest(bytes)) {
      index.remove(sha256)
      onMedia('evicted')
      removeFile(sha256)
    }
  }

  function obstacleTo(bytes: number): MediaOutcome | undefined {
    if (performance.now() < disk.pausedUntil) return 'write_failed'
    if (writer.bytes() + bytes > maxUnwrittenBytes) return 'memory_full'
    const room = (): number => options.maxBytes - options.recordBytes() - index.bytes()
    if (bytes > room()) evict(bytes - room())
    return bytes > room() ? 'spool_full' : undefined
  }

  function keep(sha256: string, bytes: Buffer): boolean {
    const isHere = index.retain(sha256)
    const obstacle = isHere ? 'repeated' : obstacleTo(bytes.length)
    if (obstacle !== undefined) {
      onMedia(obstacle)
      return isHere
    }
    index.add(sha256, bytes.length)
    if (!writer.has(sha256)) writer.write(sha256, bytes)
    return true
  }

  return {
    name: 'media spool',
    bytes: index.bytes,
    keep,
    read: async (sha256) => writer.get(sha256) ?? files.read(sha256),
    release: (hashes) => hashes.filter(index.release).forEach(removeFile),
    evict,
    async stop() {
      await writer.idle()
      await files.idle()
    },
  }
}
