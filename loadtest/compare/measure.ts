import { setTimeout as pause } from 'node:timers/promises'
import type { Load, LoadReport } from './load/load.ts'
import type { Measured } from './report/sample.ts'
import type { Subject } from './subjects/subject.ts'
import { residentMb, spentBetween, spentByThread } from './usage/process-usage.ts'
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
  const settled = await settle(subject)
  const after = readUsage(subject.processes)
  return {
    report,
    spent: spentBetween(before, after),
    threads: spentByThread(before, after),
    residentMb: [residentMb(before), residentMb(after)],
    longestBlockMs: await subject.longestBlockMs?.(),
    settled,
  }
}

const lookEveryMs = 300
const longestMs = 6_000
/** Records that still wait after so many quiet looks wait for somebody else: a Langfuse that does not answer. */
const quietLooks = 4
/** What all processes of a subject may use between two looks while they rest: timers, Redis' own clock. */
const atRestMs = 10

/**
 * Records are packed, stored and delivered a moment after the call: that work belongs to the calls.
 * @returns false when there are records left all the same
 */
async function settle({ processes, pending }: Subject): Promise<boolean> {
  if (processes.length === 0) return true
  let last = readUsage(processes)
  let quiet = 0
  for (let waited = 0; waited < longestMs && quiet < quietLooks; waited += lookEveryMs) {
    await pause(lookEveryMs)
    const now = readUsage(processes)
    const isAtRest = spentBetween(last, now).allMs <= atRestMs
    last = now
    if (!isAtRest) continue
    if (((await pending?.()) ?? 0) === 0) return true
    quiet++
  }
  return false
}
