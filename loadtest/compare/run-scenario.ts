import { type Bench, pause, resume } from './bench.ts'
import { climb } from './climb.ts'
import { measure } from './measure.ts'
import type { Sample } from './report/sample.ts'
import { type LoadResult, type RampResult, summarize, summarizeRamp } from './report/summary.ts'
import type { LoadScenario, RampScenario, Scenario } from './scenarios/scenario.ts'
import { settle } from './settle.ts'
import type { Subject } from './subjects/subject.ts'

const backlogMs = 60_000

export type Effort = { readonly seconds: number; readonly rounds: number }

/** Takes the subjects in turn, round by round, so that what the machine does meanwhile hits all of them. */
export function runScenario(
  scenario: Scenario,
  subjects: readonly Subject[],
  { drive }: Bench,
  effort: Effort,
  say: (line: string) => void,
): Promise<LoadResult | RampResult> {
  return scenario.kind === 'ramp'
    ? runRamp(scenario, subjects, drive, effort, say)
    : runLoadScenario(scenario, subjects, drive, effort, say)
}

async function runLoadScenario(
  scenario: LoadScenario,
  subjects: readonly Subject[],
  drive: Bench['drive'],
  { seconds, rounds }: Effort,
  say: (line: string) => void,
): Promise<LoadResult> {
  const samples: Sample[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const subject of subjects) {
      say(`${scenario.name}, round ${round} of ${rounds}: ${subject.name}`)
      const measured = await awake(subject, () =>
        measure(subject, () => drive(subject, scenario.load(seconds), scenario.beside?.(seconds))),
      )
      samples.push({ subject: subject.name, round, ...measured })
    }
  }
  return summarize(scenario, samples)
}

/** The best of all rounds: nothing makes a subject take more than it can, much makes it take less. */
async function runRamp(
  scenario: RampScenario,
  subjects: readonly Subject[],
  drive: Bench['drive'],
  { rounds }: Effort,
  say: (line: string) => void,
): Promise<RampResult> {
  const found = new Map(subjects.map(({ name }) => [name, 0]))
  for (let round = 1; round <= rounds; round++) {
    for (const subject of subjects) {
      say(`${scenario.name}, round ${round} of ${rounds}: ${subject.name}`)
      await awake(subject, async () => {
        found.set(subject.name, await climb(subject, drive, found.get(subject.name)))
        // Tens of thousands of records: the next scenario must not pay for delivering them.
        await settle(subject, backlogMs)
      })
    }
  }
  return summarizeRamp(
    scenario,
    [...found].map(([subject, perSecond]) => ({ subject, perSecond })),
  )
}

async function awake<T>(subject: Subject, work: () => Promise<T>): Promise<T> {
  resume(subject)
  try {
    return await work()
  } finally {
    pause(subject)
  }
}
