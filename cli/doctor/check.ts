import { reasonOf } from '../../shared/error-cause.ts'
import { DeadlineExceeded, withDeadline } from '../../shared/timing/deadline.ts'

export type Finding = {
  readonly state: 'ok' | 'not ok' | 'not used'
  /** The result in a few words. */
  readonly summary: string
  readonly remedy?: string
}

/** Read-only: a check changes nothing in what it examines. */
export type Check = { readonly name: string; run(signal: AbortSignal): Promise<Finding> }

export const ok = (summary: string): Finding => ({ state: 'ok', summary })
export const notOk = (summary: string, remedy: string): Finding => ({ state: 'not ok', summary, remedy })
export const notUsed = (summary: string): Finding => ({ state: 'not used', summary })

/** Never rejects, and settles within the timeout: a check that fails or hangs is a finding too. */
export async function runCheck(check: Check, timeoutMs: number): Promise<Finding> {
  try {
    return await withDeadline(timeoutMs, (signal) => check.run(signal))
  } catch (cause) {
    return cause instanceof DeadlineExceeded ? timeoutFinding(timeoutMs) : failureFinding(cause)
  }
}

const timeoutFinding = (timeoutMs: number): Finding =>
  notOk(
    `no answer within ${timeoutMs / 1000} s`,
    'see that its address is right and nothing blocks the way to it',
  )

const failureFinding = (cause: unknown): Finding =>
  notOk(`cannot be reached: ${reasonOf(cause)}`, 'see that its address is right and that it runs')
