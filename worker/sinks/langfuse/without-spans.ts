import { indexesOf, pick } from '../../stages/pick.ts'
import { type Delivery, failed, type Send } from '../sink.ts'
import { typeOf } from './observation.ts'

const unwanted: Delivery = failed({ kind: 'unwanted', reason: 'spans_off' })

/**
 * LANGFUSE_ENABLE_SPANS=false: what would only be a span is answered as unwanted instead of being sent. It
 * counts as delivered where another sink has it, and is dropped, and counted, where none does.
 */
export function withoutSpans(send: Send): Send {
  return async (batch, signal) => {
    const wanted = indexesOf(batch, (record) => typeOf(record) !== 'span')
    const answers = wanted.length === 0 ? [] : await send(pick(batch, wanted), signal)
    const verdicts = batch.map(() => unwanted)
    wanted.forEach((place, n) => {
      verdicts[place] = answers[n] ?? failed({ kind: 'retryable', reason: 'no verdict' })
    })
    return verdicts
  }
}
