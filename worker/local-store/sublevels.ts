import type { ClassicLevel } from 'classic-level'
import type { CallDelivery, CallSummary } from '../../shared/admin/call-store.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'

export type StoredSummary = CallSummary & {
  /** Of its record as JSON; older versions did not note it. */
  readonly bytes?: number
  /** Where the record also goes elsewhere. */
  readonly isCopy?: true
}

/** The sublevels of the database: whole records, summaries by time, and an index by thread. */
export type Sublevels = ReturnType<typeof sublevelsOf>

export function sublevelsOf(db: ClassicLevel) {
  return {
    /** Each as JSON. */
    records: db.sublevel<string, string>('records', {}),
    /** Summaries in order of time, by `timelineKey`. */
    timeline: db.sublevel<string, StoredSummary>('timeline', { valueEncoding: 'json' }),
    /** Timeline keys of the calls of each thread, by `<thread>/<timeline key>`. */
    threadIndex: db.sublevel<string, string>('threads', {}),
    /** Timeline keys of the calls of each run, by `<trace id>/<timeline key>`. */
    runIndex: db.sublevel<string, string>('runs', {}),
    /** What became of a record, by `timelineKey`. */
    deliveries: db.sublevel<string, CallDelivery>('deliveries', { valueEncoding: 'json' }),
  }
}

/** Sorts by time, then by id, and begins with a digit. */
export function timelineKey({ id, times }: InferenceRecord): string {
  return `${String(times.startedAt).padStart(15, '0')}-${id}`
}

/** Sorts after every timeline key. */
export const afterEveryKey = ':'

/** A run's id is its trace id. */
export const runPrefix = (traceId: string): string => `${traceId}/`

/** In base64url no thread's prefix is the beginning of another's, whatever characters its name has. */
export function threadPrefix(thread: string): string {
  return `${Buffer.from(thread).toString('base64url')}/`
}
