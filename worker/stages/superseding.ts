import { leastRecentlyUsed } from '../../shared/least-recently-used.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { indexesOf, pick } from '../sinks/pick.ts'
import { delivered, failed, type Send, type Verdict } from '../sinks/sink.ts'

/** Records that were complete when they were delivered. Beyond it an earlier one that comes late is sent after it. */
const maxRemembered = 10_000

/**
 * A record that says that its response is running is not sent where the one that completes it is there already: it shares
 * that one's verdict, or counts as delivered with it. So the later one is never overwritten by the earlier, and a
 * generation that was fetched soon reaches a sink once.
 */
export function withSuperseding(send: Send): Send {
  const complete = leastRecentlyUsed<true>(maxRemembered)

  return async (batch, signal) => {
    const completions = new Map(
      batch.flatMap((record, index) =>
        record.completedBy === undefined ? [] : [[record.id, index] as const],
      ),
    )
    const isSent = ({ id, completedBy }: InferenceRecord): boolean =>
      completedBy !== undefined || !(completions.has(id) || complete.has(id))
    const indexes = indexesOf(batch, isSent)
    const sent = indexes.length === 0 ? [] : await send(pick(batch, indexes), signal)
    const verdicts = new Map(indexes.map((index, n) => [index, sent[n] ?? missing]))
    for (const [id, index] of completions) if (verdicts.get(index)?.ok === true) complete.set(id, true)
    return batch.map(
      ({ id }, index) => verdicts.get(index) ?? verdicts.get(completions.get(id) ?? -1) ?? delivered,
    )
  }
}

const missing: Verdict = failed({ kind: 'retryable', reason: 'no verdict' })
