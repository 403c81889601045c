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
