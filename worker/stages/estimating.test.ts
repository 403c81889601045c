import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { createWorkerEvents } from '../events.ts'
import { delivered, forAll, type Send } from '../sinks/sink.ts'
import { aRecord } from '../testing/records.ts'
import type { CountTokens } from '../usage/estimate.ts'
import { withEstimates } from './estimating.ts'

function stageWith(countTokens: CountTokens) {
  const registry = new Registry()
  const sent: InferenceRecord[] = []
  const send: Send = async (batch) => {
    sent.push(...batch)
    return forAll(batch, delivered)
  }
  const events = createWorkerEvents(registry, createLogger('silent', 'worker'))
  return { sent, registry, send: withEstimates(countTokens, events, send) }
}

const never = new AbortController().signal
const withoutUsage = aRecord({ usage: { provenance: 'missing' } })

test('records reach the sinks with an estimate, which is made once however often they are sent', async () => {
  let requests = 0
  const { send, sent, registry } = stageWith(async (lists) => {
    requests += 1
    return lists.map(() => 3)
  })
  await send([withoutUsage, aRecord()], never)
  await send([withoutUsage], never)
  expect(sent.map(({ usage }) => usage.provenance)).toEqual(['estimated', 'provider', 'estimated'])
  expect(requests).toBe(1)
  expect(await registry.metrics()).toContain('threadtap_usage_estimates_total{outcome="estimated"} 1')
})

test('records are sent without an estimate where counting fails, and the failure is counted', async () => {
  const { send, sent, registry } = stageWith(() => Promise.reject(new Error('no thread')))
  expect(await send([withoutUsage], never)).toEqual([delivered])
  expect(sent).toEqual([withoutUsage])
  expect(await registry.metrics()).toContain('threadtap_usage_estimates_total{outcome="failed"} 1')
})

test('the cost of estimated tokens is counted by model, without what the provider has reported of them', async () => {
  const { send, registry } = stageWith(async (lists) => lists.map(() => 1_000_000))
  const called = (model: string, changes: Partial<InferenceRecord> = {}) =>
    aRecord({
      request: { model, stream: true, parameters: {}, bodyBytes: 1, retry: 0 },
      response: { model, status: 200, bodyBytes: 1 },
      usage: { provenance: 'missing' },
      ...changes,
    })
  const broken = {
    operation: 'messages',
    ending: 'client_closed',
    usage: { provenance: 'provider', input: 1_000_000 },
  } as const
  const brokenOff = called('claude-sonnet-4-5', broken)
  const billed = called('claude-opus-4-5', { ...broken, usage: { ...broken.usage, cost: 0.25 } })
  await send([called('gpt-4o'), called('my-own-model'), brokenOff, billed], never)
  const counted = (await registry.metrics()).match(/(?<=threadtap_estimated_cost_usd_total\{).*/g)
  // 2.5 USD for the input and 10 for the output; of the other the output alone, and nothing of what was billed.
  expect(counted?.map((line) => line.replace(/\.0\d+$/, ''))).toEqual([
    expect.stringMatching(/^gen_ai_request_model="gpt-4o",upstream="default"\} 12\.5/),
    expect.stringMatching(/^gen_ai_request_model="claude-sonnet-4-5",upstream="default"\} 15/),
  ])
})
