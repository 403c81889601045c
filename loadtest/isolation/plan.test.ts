import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { type CallPlan, planCalls } from './plan.ts'
import { requestFor } from './request.ts'

test('equal seeds make equal plans, different seeds different ones', () => {
  const plan = (seed: number) => planCalls(50, createRandom(seed), true)
  expect(plan(1)).toEqual(plan(1))
  expect(plan(1)).not.toEqual(plan(2))
})

test('a thousand calls include every kind, and no word twice', () => {
  const plans = planCalls(1_000, createRandom(5), true)
  const kinds = (of: (plan: CallPlan) => unknown) => new Set(plans.map(of))
  expect(kinds(({ source }) => source)).toEqual(new Set(['headers', 'traceparent', 'body', 'registered']))
  expect(kinds(({ scenario }) => scenario.kind).size).toBe(4)
  expect(kinds(({ stream }) => stream).size).toBe(2)
  expect(kinds(({ attribution }) => attribution.agentKey === undefined).size).toBe(2)
  expect(kinds(({ word }) => word).size).toBe(1_000)
  expect(kinds(({ attribution }) => attribution.traceId).size).toBe(1_000)
  expect(kinds(({ attribution }) => attribution.threadId).size).toBeLessThan(900)
})

test('without a context store no call relies on registration', () => {
  const plans = planCalls(1_000, createRandom(5), false)
  expect(plans.filter(({ source }) => source === 'registered')).toEqual([])
})

test('a call carries its attribution in one place only', () => {
  const plans = planCalls(1_000, createRandom(5), true)
  for (const plan of plans) {
    const { headers, body } = requestFor(plan)
    const inHeaders = JSON.stringify(headers).includes(plan.attribution.userId)
    const inBody = body.includes(plan.attribution.userId)
    expect([inHeaders, inBody]).toEqual([
      plan.source === 'headers' || plan.source === 'traceparent',
      plan.source === 'body',
    ])
  }
})
