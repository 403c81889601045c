import type { InferenceRecord } from '../record/record.ts'

/** Something that no sink will ever take: kept, to be looked at, mended and sent again. */
export type DeadLetter = {
  readonly id: string
  /** ISO time of giving it up. */
  readonly at: string
  /** One readable line. */
  readonly reason: string
  /** Which sink refused it. */
  readonly sink?: string
  readonly record?: InferenceRecord
  /** The text as it came, where it could not be read as records. */
  readonly raw?: string
}

/** A dead letter on one line; `read` has all of it. */
export type DeadLetterSummary = Omit<DeadLetter, 'record' | 'raw'> & { readonly threadId?: string }

/** What became of dead letters that were sent again; those that failed are still kept. */
export type Replay = { readonly delivered: number; readonly failed: number }

/** The dead letters of a process, for those who look after it. */
export type DeadLetters = {
  /** Newest first. */
  list(query: { readonly limit: number }): Promise<readonly DeadLetterSummary[]>
  read(id: string): Promise<DeadLetter | undefined>
  /** Sends again and forgets what was delivered. @param ids without them: all; unknown ones count as failed */
  replay(ids?: readonly string[]): Promise<Replay>
}
