import type { InferenceRecord } from '../../shared/record/record.ts'
import type { CallObserver, RelayEnd } from './call.ts'

/** An observer that cannot hurt: its first failure ends the watching of this call, and is told once. */
export type GuardedObserver = {
  responseStarted: CallObserver['responseStarted']
  responseData: CallObserver['responseData']
  /** @param tell told of the record once, now or soon; of none where the observer failed */
  finish(end: RelayEnd, requestBytes: number, tell: (record: InferenceRecord | undefined) => void): void
}

/** @param open makes the observer; may throw as well */
export function guardObserver(
  open: () => CallObserver,
  onFailure: (cause: unknown) => void,
): GuardedObserver {
  let observer: CallObserver | undefined
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action()
    } catch (cause) {
      observer = undefined
      onFailure(cause)
      return undefined
    }
  }
  observer = attempt(open)
  return {
    responseStarted: (status, headers) => void attempt(() => observer?.responseStarted(status, headers)),
    responseData: (chunk) => void attempt(() => observer?.responseData(chunk)),
    finish(end, requestBytes, tell) {
      const record = attempt(() => observer?.finish(end, requestBytes))
      if (record instanceof Promise) void record.catch((cause) => void onFailure(cause)).then(tell)
      else tell(record)
    },
  }
}
