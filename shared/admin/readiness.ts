import { withDeadline } from '../timing/deadline.ts'

/** Whether one thing that a process needs for its work is there; throwing means no. */
export type ReadyCheck = () => boolean | Promise<boolean>

export type Readiness = { readonly ready: boolean; readonly checks: Readonly<Record<string, boolean>> }

/** @param timeoutMs a check that takes longer counts as failed */
export async function readiness(
  checks: Readonly<Record<string, ReadyCheck>>,
  timeoutMs: number,
): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await passes(check, timeoutMs)] as const),
  )
  return { ready: results.every(([, ok]) => ok), checks: Object.fromEntries(results) }
}

/** @returns false where the check fails, throws or takes longer */
export async function passes(check: ReadyCheck, timeoutMs: number): Promise<boolean> {
  try {
    return await withDeadline(timeoutMs, check)
  } catch {
    return false
  }
}
