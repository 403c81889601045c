import { expect, test } from 'vitest'
import { runScenario } from './run-scenario.ts'
import { quickSize } from './scenario.ts'
import { scenarios } from './scenarios/all.ts'

// A small `npm run loadtest:faults`: the quick scenarios, with fewer calls and without the run beside them that has no fault.

const quick = scenarios.filter(
  ({ quick, expected, unavailable }) => quick && expected === undefined && unavailable?.() === undefined,
)

// Beyond the limit of a wait, which says what it was for.
const timeoutMs = 180_000

test.each(quick.map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  async (_name, scenario) => {
    const { problems } = await runScenario(scenario, quickSize)
    expect(problems).toEqual([])
  },
  timeoutMs,
)
