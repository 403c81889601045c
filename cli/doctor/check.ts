import { reasonOf } from '../../shared/error-cause.ts'
import { DeadlineExceeded, withDeadline } from '../../shared/timing/deadline.ts'

export type Finding = {
  readonly state: 'ok' | 'not ok' | 'not used'
  /** What is the case, in a few words. */
  readonly said: string
  /** What to do about it. */
  readonly mend?: string
}

/** One thing that can work or not. Looking at it changes nothing. */
export type Check = { readonly name: string; run(signal: AbortSignal): Promise<Finding> }

export const ok = (said: string): Finding => ({ state: 'ok', said })
export const notOk = (said: string, mend: string): Finding => ({ state: 'not ok', said, mend })
export const notUsed = (said: string): Finding => ({ state: 'not used', said })

/** Never rejects and never takes longer: a check that fails or hangs is a finding too. */
export async function runCheck(check: Check, timeoutMs: number): Promise<Finding> {
  try {
    return await withDeadline(timeoutMs, (signal) => check.run(signal))
  } catch (cause) {
    return cause instanceof DeadlineExceeded ? late(timeoutMs) : failed(cause)
  }
}

const late = (timeoutMs: number): Finding =>
  notOk(
    `no answer within ${timeoutMs / 1000} s`,
    'see that its address is right and nothing blocks the way to it',
  )

const failed = (cause: unknown): Finding =>
  notOk(`cannot be reached: ${reasonOf(cause)}`, 'see that its address is right and that it runs')
