import type { Part } from '../../shared/lifecycle.ts'
import { createMediaFiles, type MediaFiles } from './media-files.ts'
import { createMediaIndex } from './media-index.ts'

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

/** Of media that are not on disk yet. */
const maxUnwrittenBytes = 33_554_432

/** After a write has failed the disk is left to the records for this long. */
const pauseAfterFailureMs = 30_000

/** Opens the folder with what an earlier process left there. Never rejects: without a folder nothing can be kept. */
export async function openMediaSpool(
  options: MediaSpoolOptions,
  now = () => performance.now(),
): Promise<MediaSpool> {
  const { maxBytes, recordBytes, onMedia } = options
  const files: MediaFiles = createMediaFiles(options.dir)
  const index = createMediaIndex(await files.list())
  const unwritten = new Map<string, Buffer>()
  const writes = new Set<Promise<void>>()
  let unwrittenBytes = 0
  let pausedUntil = Number.NEGATIVE_INFINITY

  function keep(sha256: string, bytes: Buffer): boolean {
    if (index.retain(sha256)) {
      onMedia('repeated')
      return true
    }
    const obstacle = obstacleTo(bytes.length)
    if (obstacle !== undefined) {
      onMedia(obstacle)
      return false
    }
    index.add(sha256, bytes.length)
    if (!unwritten.has(sha256)) write(sha256, bytes)
    return true
  }

  function obstacleTo(bytes: number): MediaOutcome | undefined {
    if (now() < pausedUntil) return 'write_failed'
    if (unwrittenBytes + bytes > maxUnwrittenBytes) return 'memory_full'
    const room = maxBytes - recordBytes() - index.bytes()
    if (bytes > room) evict(bytes - room)
    return bytes > maxBytes - recordBytes() - index.bytes() ? 'spool_full' : undefined
  }

  function write(sha256: string, bytes: Buffer): void {
    unwritten.set(sha256, bytes)
    unwrittenBytes += bytes.length
    const written = files.write(sha256, bytes).then(
      () => {
        onMedia('kept')
        // It may have been released or evicted meanwhile.
        if (!index.has(sha256)) files.remove(sha256)
      },
      () => {
        onMedia('write_failed')
        pausedUntil = now() + pauseAfterFailureMs
        index.remove(sha256)
      },
    )
    const done = written.finally(() => {
      unwritten.delete(sha256)
      unwrittenBytes -= bytes.length
      writes.delete(done)
    })
    writes.add(done)
  }

  function evict(bytes: number): void {
    for (const sha256 of index.oldest(bytes)) {
      index.remove(sha256)
      onMedia('evicted')
      if (!unwritten.has(sha256)) files.remove(sha256)
    }
  }

  return {
    name: 'media spool',
    bytes: index.bytes,
    keep,
    read: async (sha256) => unwritten.get(sha256) ?? files.read(sha256),
    release(hashes) {
      for (const sha256 of hashes) {
        if (index.release(sha256) && !unwritten.has(sha256)) files.remove(sha256)
      }
    },
    evict,
    async stop() {
      await Promise.all(writes)
      await files.idle()
    },
  }
}
