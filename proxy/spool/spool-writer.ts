import type { Change, Database, StoredContent } from './database.ts'
import type { UnwrittenChanges } from './unwritten-changes.ts'

export type SpoolWriterOptions = {
  /** Written along with every batch, and read at that moment. */
  readonly metadata: () => readonly Change[]
  /**
   * Called with the database's content whenever it has been opened, before anything is written to it.
   * @returns stale keys, to be deleted
   */
  readonly onOpen: (content: StoredContent) => readonly string[]
  /** Called whenever changes are on disk. */
  readonly onWritten: () => void
}

/** Brings changes from memory into the database. Both reject where the disk fails; what is unwritten stays so. */
export type SpoolWriter = {
  reopen(): Promise<void>
  writeBatch(): Promise<void>
}

export function createSpoolWriter(
  database: Pick<Database, 'reopen' | 'write'>,
  unwritten: UnwrittenChanges,
  { metadata, onOpen, onWritten }: SpoolWriterOptions,
): SpoolWriter {
  return {
    async reopen() {
      const staleKeys = onOpen(await database.reopen())
      unwritten.add(staleKeys.map((key) => [key, null]))
    },
    async writeBatch() {
      await unwritten.flush((batch) => database.write([...batch, ...metadata()], batch.some(isPut)))
      onWritten()
    },
  }
}

const isPut = ([, value]: Change): boolean => value !== null
