import type { DropReason } from '../../shared/ledger/ledger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { indexesOf, pick } from './pick.ts'
import { type Delivery, failed, type Send } from './sink.ts'

/**
 * What a sink is not to have is answered as unwanted instead of being sent. It counts as delivered where
 * another sink has it, and is dropped, and counted under this reason, where none does.
 */
export function only(wanted: (record: InferenceRecord) => boolean, reason: DropReason, send: Send): Send {
  const unwanted: Delivery = failed({ kind: 'unwanted', reason })
  return async (batch, signal) => {
    const places = indexesOf(batch, wanted)
    const answers = places.length === 0 ? [] : await send(pick(batch, places), signal)
    const verdicts = batch.map(() => unwanted)
    places.forEach((place, n) => {
      verdicts[place] = answers[n] ?? failed({ kind: 'retryable', reason: 'no verdict' })
    })
    return verdicts
  }
}
