import type { InferenceRecord } from '../../shared/record/record.ts'
import type { RelayEnd } from '../tape/relay-end.ts'
import type { CallObserver, ResponseProgress } from './call.ts'

/** An observer that never throws: its first failure ends the observation of the call. */
export type GuardedObserver = {
  responseStarted: CallObserver['responseStarted']
  responseData: CallObserver['responseData']
  /** @returns undefined where the observer failed */
  progress(): ResponseProgress | undefined
  /** @param onRecord called once, now or soon; with undefined where the observer failed */
  finish(
    end: RelayEnd,
    requestBytes: number,
    at: number,
    onRecord: (record: InferenceRecord | undefined) => void,
  ): void
}

/**
 * @param create makes the observer; may throw as well
 * @param onFailure called with the first failure
 */
export function guardObserver(
  create: () => CallObserver,
  onFailure: (cause: unknown) => void,
): GuardedObserver {
  let observer: CallObserver | undefined
  const fail = (cause: unknown): undefined => {
    observer = undefined
    onFailure(cause)
    return undefined
  }
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action()
    } catch (cause) {
      return fail(cause)
    }
  }
  observer = attempt(create)
  return {
    responseStarted: (status, headers) => void attempt(() => observer?.responseStarted(status, headers)),
    responseData(chunk, at) {
      // Not by `attempt`: saves a closure for each chunk.
      try {
        observer?.responseData(chunk, at)
      } catch (cause) {
        fail(cause)
      }
    },
    progress: () => attempt(() => observer?.progress()),
    finish(end, requestBytes, at, onRecord) {
      const record = attempt(() => observer?.finish(end, requestBytes, at))
      if (record instanceof Promise) void record.catch((cause) => void onFailure(cause)).then(onRecord)
      else onRecord(record)
    },
  }
}
