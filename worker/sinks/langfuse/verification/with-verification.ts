import type { Send } from '../../sink.ts'
import type { Verification } from './verification.ts'

/** Notes what was delivered, after its verdict is known. */
export function withVerification({ delivered }: Pick<Verification, 'delivered'>, send: Send): Send {
  return async (batch, signal) => {
    const verdicts = await send(batch, signal)
    batch.forEach((record, at) => {
      if (verdicts[at]?.ok === true) delivered(record)
    })
    return verdicts
  }
}
