import type { Load, LoadReport } from './load/load.ts'
import type { Measured } from './report/sample.ts'
import { settle } from './settle.ts'
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
