import type { DropReason } from '../../shared/ledger/ledger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { indexesOf, pick } from './pick.ts'
import { failed, type Send, type Verdict } from './sink.ts'

/**
 * Sends only the records that `accepts` is true for; the others get the verdict `unwanted`. Such a record
 * counts as delivered where another sink has it, and is dropped for this reason where none does.
 */
export function withFilter(
  accepts: (record: InferenceRecord) => boolean,
  reason: DropReason,
  send: Send,
): Send {
  const unwanted: Verdict = failed({ kind: 'unwanted', reason })
  return async (batch, signal) => {
    const indexes = indexesOf(batch, accepts)
    const sent = indexes.length === 0 ? [] : await send(pick(batch, indexes), signal)
    const verdicts = batch.map(() => unwanted)
    indexes.forEach((index, n) => {
      verdicts[index] = sent[n] ?? failed({ kind: 'retryable', reason: 'no verdict' })
    })
    return verdicts
  }
}
