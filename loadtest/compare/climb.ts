import { median } from '../overhead/quantile.ts'
import type { Drive } from './measure.ts'
import { plainCalls } from './scenarios/plain.ts'
import { isHeld, nextRate, type Step, sustained } from './scenarios/ramp.ts'
import type { Subject } from './subjects/subject.ts'

const secondsPerStep = 1.5

/** @returns the most calls a second that a subject takes */
export async function climb(subject: Subject, drive: Drive): Promise<number> {
  const steps: Step[] = []
  for (let perSecond = nextRate(steps); perSecond !== undefined; perSecond = nextRate(steps)) {
    // Twice: what else the machine does in a second must not be taken for the subject's end.
    const holds = (await holdsRate(subject, perSecond, drive)) || (await holdsRate(subject, perSecond, drive))
    steps.push({ perSecond, isHeld: holds })
  }
  return sustained(steps)
}

async function holdsRate(subject: Subject, perSecond: number, drive: Drive): Promise<boolean> {
  const report = await drive(subject, plainCalls(perSecond, secondsPerStep))
  const medianMs = median([...report.latencies])
  return isHeld({ medianMs, answered: report.latencies.length, due: report.calls + report.missed })
}
