import { setTimeout as pause } from 'node:timers/promises'
import type { Load, LoadReport } from './load/load.ts'
import type { Measured } from './report/sample.ts'
import type { Subject } from './subjects/subject.ts'
import { residentMb, spentBetween } from './usage/process-usage.ts'
import { readUsage } from './usage/read-usage.ts'

/** @param beside comes by meanwhile; of it only failures are reported */
export type Drive = (subject: Subject, load: Load, beside?: Load) => Promise<LoadReport>

/** Lets a subject be driven and reads what its processes used, the work that records make later included. */
export async function measure(subject: Subject, drive: () => Promise<LoadReport>): Promise<Measured> {
  // What an earlier load left behind, and the moment of its own waking up, are not this load's.
  await settle(subject)
  await subject.longestBlockMs?.()
  const before = readUsage(subject.processes)
  const report = await drive()
  const isAtRest = await settle(subject)
  const after = readUsage(subject.processes)
  return {
    report,
    spent: spentBetween(before, after),
    residentMb: [residentMb(before), residentMb(after)],
    longestBlockMs: await subject.longestBlockMs?.(),
    settled: isAtRest && ((await subject.pending?.()) ?? 0) === 0,
  }
}

const lookEveryMs = 300
const longestMs = 6_000
/** What all processes of a subject may use between two looks while they rest: timers, Redis' own clock. */
const atRestMs = 10

/**
 * Records are packed, stored and delivered a moment after the call: that work belongs to the calls.
 * @returns false when it is still at work after six seconds
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
