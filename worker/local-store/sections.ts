import type { ClassicLevel } from 'classic-level'
import type { CallSummary } from '../../shared/admin/call-store.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'

/** How calls lie in the database: whole, in order of time, and by thread. */
export type Sections = ReturnType<typeof sectionsOf>

export function sectionsOf(db: ClassicLevel) {
  return {
    records: db.sublevel<string, InferenceRecord>('records', { valueEncoding: 'json' }),
    /** All summaries in order of time; the key is the call's place. */
    timeline: db.sublevel<string, CallSummary>('timeline', { valueEncoding: 'json' }),
    /** Keys of the calls of each thread: `<thread>/<place>`. */
    threadPlaces: db.sublevel<string, string>('threads', {}),
  }
}

/** A call's key in the timeline: sorts by time, then by id, and begins with a digit. */
export function placeOf({ id, times }: InferenceRecord): string {
  return `${String(times.startedAt).padStart(15, '0')}-${id}`
}

/** Sorts after every place. */
export const afterEveryPlace = ':'

/** No name in base64url is the beginning of another followed by `/`, whatever characters it has. */
export function prefixOf(thread: string): string {
  return `${Buffer.from(thread).toString('base64url')}/`
}
