import { reasonOf } from '../../shared/error-cause.ts'
import { DeadlineExceeded, withDeadline } from '../../shared/timing/deadline.ts'
import { explainFailure } from './reach/explain.ts'
import { type Address, type Finding, notOk } from './reach/finding.ts'

/** Read-only: a check changes nothing in what it examines. */
export type Check = {
  readonly name: string
  /** Of a check that asks another server over HTTP. */
  readonly address?: Address
  /** What it means that there was no answer in time; of a check without an address. */
  readonly silence?: (timeoutMs: number) => Finding
  run(signal: AbortSignal): Promise<Finding>
}

/** An answer that takes longer is worth a word. */
const slowMs = 2_000

/** Never rejects, and settles soon after the timeout: a check that fails or hangs is a finding too. */
export async function runCheck(
  { address, silence = timeoutFinding, run }: Check,
  timeoutMs: number,
): Promise<Finding> {
  const startedAt = performance.now()
  try {
    const finding = await withDeadline(timeoutMs, run)
    return address === undefined ? finding : withTime(finding, performance.now() - startedAt)
  } catch (cause) {
    if (address !== undefined) return explainFailure(address, cause, timeoutMs)
    return cause instanceof DeadlineExceeded ? silence(timeoutMs) : failureFinding(cause)
  }
}

function withTime(finding: Finding, ms: number): Finding {
  if (ms < slowMs) return finding
  return { ...finding, summary: `${finding.summary}; slow: it took ${(ms / 1000).toFixed(1)} s` }
}

const timeoutFinding = (timeoutMs: number): Finding =>
  notOk(`no answer within ${timeoutMs / 1000} s`, 'threadtap doctor, once more when less is going on')

const failureFinding = (cause: unknown): Finding =>
  notOk(`cannot be used: ${reasonOf(cause)}`, 'threadtap doctor, once its address and settings are right')
