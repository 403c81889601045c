import { setTimeout as pause } from 'node:timers/promises'
import type { Load, LoadReport } from './load/load.ts'
import type { Subject } from './subjects/subject.ts'
import { residentMb, type Spent, spentBetween } from './usage/process-usage.ts'
import { readUsage } from './usage/read-usage.ts'

export type Measured = {
  readonly report: LoadReport
  readonly spent: Spent
  readonly residentMb: readonly [before: number, after: number]
  readonly settled: boolean
}

/** Puts a load on a subject and reads what its processes used, the work that records make later included. */
export async function measure(
  subject: Subject,
  load: Load,
  drive: (url: string, load: Load) => Promise<LoadReport>,
): Promise<Measured> {
  await settle(subject)
  const before = readUsage(subject.processes)
  const report = await drive(subject.url, load)
  const settled = await settle(subject)
  const after = readUsage(subject.processes)
  return {
    report,
    spent: spentBetween(before, after),
    residentMb: [residentMb(before), residentMb(after)],
    settled,
  }
}

const lookEveryMs = 500
const longestMs = 10_000
/** What all processes of a subject may use between two looks while they rest: timers, Redis' own clock. */
const atRestMs = 20

/**
 * Records are packed, stored and delivered a moment after the call: that work belongs to the calls.
 * @returns false when there is no rest after ten seconds
 */
async function settle({ processes }: Subject): Promise<boolean> {
  if (processes.length === 0) return true
  let last = readUsage(processes)
  for (let waited = 0; waited < longestMs; waited += lookEveryMs) {
    await pause(lookEveryMs)
    const now = readUsage(processes)
    if (spentBetween(last, now).allMs <= atRestMs) return true
    last = now
  }
  return false
}
