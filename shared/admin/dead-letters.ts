import type { InferenceRecord } from '../record/record.ts'

/** A record, or an unreadable pack, that no sink accepts: kept for inspection and replay. */
export type DeadLetter = {
  readonly id: string
  /** When it was given up, ISO 8601. */
  readonly at: string
  /** One line. */
  readonly reason: string
  /** The sink that rejected it. */
  readonly sink?: string
  readonly record?: InferenceRecord
  /** The original text, where it could not be decoded. */
  readonly raw?: string
}

/** A dead letter in a list; `DeadLetters.read` returns all of it. */
export type DeadLetterSummary = Omit<DeadLetter, 'record' | 'raw'> & { readonly threadId?: string }

/** Numbers of replayed dead letters; those that failed are kept. */
export type Replay = { readonly delivered: number; readonly failed: number }

/** The dead letters of a process. */
export type DeadLetters = {
  /** Newest first. */
  list(query: { readonly limit: number }): Promise<readonly DeadLetterSummary[]>
  read(id: string): Promise<DeadLetter | undefined>
  /**
   * Sends again, and deletes what was delivered.
   * @param ids all when absent; unknown ones count as failed
   */
  replay(ids?: readonly string[]): Promise<Replay>
  /** Deletes them for good; the ledger goes on counting them as dead-lettered. @returns how many there were */
  purge(ids: readonly string[]): Promise<number>
}
