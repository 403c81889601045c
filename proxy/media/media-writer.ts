import type { MediaFiles } from './media-files.ts'

/** Media on their way to the disk, in memory until they are there. */
export type MediaWriter = {
  has(sha256: string): boolean
  get(sha256: string): Buffer | undefined
  bytes(): number
  /** Writes in the background. */
  write(sha256: string, bytes: Buffer): void
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
}

export type MediaWriterEvents = {
  written(sha256: string): void
  failed(sha256: string): void
}

export function createMediaWriter(files: Pick<MediaFiles, 'write'>, events: MediaWriterEvents): MediaWriter {
  const unwritten = new Map<string, Buffer>()
  const writes = new Set<Promise<void>>()
  let unwrittenBytes = 0

  async function writeOne(sha256: string, bytes: Buffer): Promise<void> {
    try {
      await files.write(sha256, bytes)
      events.written(sha256)
    } catch {
      events.failed(sha256)
    }
    unwritten.delete(sha256)
    unwrittenBytes -= bytes.length
  }

  return {
    has: (sha256) => unwritten.has(sha256),
    get: (sha256) => unwritten.get(sha256),
    bytes: () => unwrittenBytes,
    write(sha256, bytes) {
      unwritten.set(sha256, bytes)
      unwrittenBytes += bytes.length
      const written = writeOne(sha256, bytes).finally(() => writes.delete(written))
      writes.add(written)
    },
    async idle() {
      await Promise.all(writes)
    },
  }
}
