import { expect, test } from 'vitest'
import { isHeld, nextRate, type Step, sustained } from './ramp.ts'

/** Tries rates on a subject that takes so many calls a second. */
function climb(takes: number, first?: number): readonly Step[] {
  const steps: Step[] = []
  for (;;) {
    const perSecond = nextRate(steps, first)
    if (perSecond === undefined) return steps
    steps.push({ perSecond, isHeld: perSecond <= takes })
  }
}

test.each([400, 1_234, 5_000])('%i calls a second are found to within a sixth, in few steps', (takes) => {
  const steps = climb(takes)
  expect(sustained(steps)).toBeLessThanOrEqual(takes)
  expect(sustained(steps)).toBeGreaterThan(takes * (5 / 6))
  expect(steps.length).toBeLessThan(12)
})

test('a climb that begins where an earlier one ended goes up from there, and down where that was too much', () => {
  expect(sustained(climb(1_234, 1_100))).toBeGreaterThanOrEqual(1_100)
  expect(sustained(climb(1_234, 2_000))).toBeGreaterThan(1_234 / 2)
  expect(climb(1_234, 1_100).length).toBeLessThan(climb(1_234).length)
})

test('a subject that takes nothing is given up soon, and one that takes everything has an end', () => {
  expect(sustained(climb(10))).toBe(0)
  expect(climb(10)).toHaveLength(4)
  expect(sustained(climb(1e9))).toBeGreaterThan(10_000)
  expect(sustained(climb(1e9))).toBeLessThan(20_000)
})

test('a rate is not held when half of the calls are late, or some were not answered', () => {
  expect(isHeld({ medianMs: 5, answered: 1_000, due: 1_000 })).toBe(true)
  expect(isHeld({ medianMs: 21, answered: 1_000, due: 1_000 })).toBe(false)
  expect(isHeld({ medianMs: 5, answered: 970, due: 1_000 })).toBe(false)
})
