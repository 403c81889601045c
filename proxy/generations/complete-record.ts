import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { FetchedResult } from '../observe/fetched-result.ts'

/** The call that fetched a result: its record. */
export type FetchingCall = Pick<InferenceRecord, 'id' | 'times'>

/**
 * The record of a generation, complete with its result: under the ids and the start of the call that began it, so that
 * sinks have one generation.
 */
export function completeRecord(
  open: InferenceRecord,
  { id, model, output, usage, served, error }: FetchedResult,
  fetch: FetchingCall,
): InferenceRecord {
  const { error: _, output: partial, ...begun } = open
  return {
    ...begun,
    ...omitUndefined({ output: output ?? partial, error }),
    response: { ...open.response, ...omitUndefined({ id, model }), ...served },
    usage,
    times: { ...open.times, durationMs: durationOf(open, served?.finishedAt, fetch) },
    ending: error === undefined ? 'completed' : 'error_in_stream',
    completedBy: fetch.id,
  }
}

/**
 * Until the upstream says that it was complete, else until somebody saw that it is. Always later than the end of the first
 * record, as sinks that merge both let the later one win.
 */
function durationOf({ times }: InferenceRecord, finishedAt: number | undefined, fetch: FetchingCall): number {
  const seenMs = fetch.times.startedAt + fetch.times.durationMs - times.startedAt
  const finishedMs = finishedAt === undefined ? seenMs : Math.min(finishedAt - times.startedAt, seenMs)
  return Math.max(finishedMs, times.durationMs + 1)
}
