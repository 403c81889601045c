import type { CallDetail } from '../../../admin/call-store.ts'
import { duration } from '../../../presentation/cells.ts'
import { tokensPerSecond } from '../../../record/tokens-per-second.ts'

/** What is known of a stream: single frames are not kept. */
export function Frames({ call }: { readonly call: CallDetail }) {
  const { stream } = call
  if (stream === undefined) return null
  const rate = tokensPerSecond(call)
  return (
    <p class="quiet">
      {stream.events} events, at most {duration(stream.largestGapMs)} apart
      {rate === undefined ? '' : `, ${rate.toFixed(1)} tokens a second`}. The frames themselves are not kept,
      nor when each of them came: they are put together to the answer above.
    </p>
  )
}
