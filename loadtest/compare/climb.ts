import { median } from '../overhead/quantile.ts'
import type { Drive } from './measure.ts'
import { plainCalls } from './scenarios/plain.ts'
import { isHeld, nextRate, type Step, sustained } from './scenarios/ramp.ts'
import type { Subject } from './subjects/subject.ts'

const secondsPerStep = 1

/**
 * @param from a rate that was held before
 * @returns the most calls a second that a subject takes; never less than `from`
 */
export async function climb(subject: Subject, drive: Drive, from = 0): Promise<number> {
  const steps: Step[] = []
  const next = (): number | undefined => nextRate(steps, from === 0 ? undefined : from)
  for (let perSecond = next(); perSecond !== undefined; perSecond = next()) {
    // Twice: what else the machine does in a second must not be taken for the subject's end.
    const holds = (await holdsRate(subject, perSecond, drive)) || (await holdsRate(subject, perSecond, drive))
    steps.push({ perSecond, isHeld: holds })
    // Held before and not now: the machine is busier, and nothing better will be found.
    if (perSecond === from && !holds) break
  }
  return Math.max(from, sustained(steps))
}

async function holdsRate(subject: Subject, perSecond: number, drive: Drive): Promise<boolean> {
  const report = await drive(subject, plainCalls(perSecond, secondsPerStep))
  const medianMs = median([...report.latencies])
  return isHeld({ medianMs, answered: report.latencies.length, due: report.calls + report.missed })
}
