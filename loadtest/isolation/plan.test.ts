import { expect, test } from 'vitest'
import { type CallPlan, planCalls } from './plan.ts'
import { seededRandom } from './random.ts'
import { requestFor } from './request.ts'

test('a seed repeats its plan, and another one makes another', () => {
  const plan = (seed: number) => planCalls(50, seededRandom(seed), true)
  expect(plan(1)).toEqual(plan(1))
  expect(plan(1)).not.toEqual(plan(2))
})

test('a thousand calls have every kind among them, and no word twice', () => {
  const plans = planCalls(1_000, seededRandom(5), true)
  const kinds = (of: (plan: CallPlan) => unknown) => new Set(plans.map(of))
  expect(kinds(({ says }) => says)).toEqual(new Set(['headers', 'traceparent', 'body', 'registered']))
  expect(kinds(({ fate }) => fate.kind).size).toBe(4)
  expect(kinds(({ stream }) => stream).size).toBe(2)
  expect(kinds(({ whose }) => whose.agentKey === undefined).size).toBe(2)
  expect(kinds(({ word }) => word).size).toBe(1_000)
  expect(kinds(({ whose }) => whose.traceId).size).toBe(1_000)
  expect(kinds(({ whose }) => whose.threadId).size).toBeLessThan(900)
})

test('nobody relies on a context store that is not there', () => {
  const plans = planCalls(1_000, seededRandom(5), false)
  expect(plans.filter(({ says }) => says === 'registered')).toEqual([])
})

test('a call says whose it is in one place only', () => {
  const plans = planCalls(1_000, seededRandom(5), true)
  for (const plan of plans) {
    const { headers, body } = requestFor(plan)
    const inHeaders = JSON.stringify(headers).includes(plan.whose.userId)
    const inBody = body.includes(plan.whose.userId)
    expect([inHeaders, inBody]).toEqual([
      plan.says === 'headers' || plan.says === 'traceparent',
      plan.says === 'body',
    ])
  }
})
