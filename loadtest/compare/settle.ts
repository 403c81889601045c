import { setTimeout as pause } from 'node:timers/promises'
import type { Subject } from './subjects/subject.ts'
import { spentBetween } from './usage/process-usage.ts'
import { readUsage } from './usage/read-usage.ts'

const lookEveryMs = 300
const longestMs = 6_000
/** Records that still wait after so many quiet looks wait for somebody else: a Langfuse that does not answer. */
const quietLooks = 4
/** What all processes of a subject may use between two looks while they rest: timers, Redis' own clock. */
const atRestMs = 10

/**
 * Waits for what a load leaves behind: records are packed, stored and delivered a moment after the call, and that work
 * belongs to the calls.
 * @param withinMs how long to wait for it
 * @returns false when there are records left all the same
 */
export async function settle({ processes, pending }: Subject, withinMs = longestMs): Promise<boolean> {
  if (processes.length === 0) return true
  let last = readUsage(processes)
  let quiet = 0
  for (let waited = 0; waited < withinMs && quiet < quietLooks; waited += lookEveryMs) {
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
