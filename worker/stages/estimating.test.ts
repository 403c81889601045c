import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { createWorkerEvents } from '../events.ts'
import { delivered, forAll, type Send } from '../sinks/sink.ts'
import { aRecord } from '../testing/records.ts'
import type { CountTokens } from '../usage/estimate.ts'
import { withEstimates } from './estimating.ts'

function lend(countTokens: CountTokens) {
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
const uncounted = aRecord({ usage: { provenance: 'missing' } })

test('records reach the sinks with an estimate, which is made once however often they are sent', async () => {
  let asked = 0
  const { send, sent, registry } = lend(async (lists) => {
    asked += 1
    return lists.map(() => 3)
  })
  await send([uncounted, aRecord()], never)
  await send([uncounted], never)
  expect(sent.map(({ usage }) => usage.provenance)).toEqual(['estimated', 'provider', 'estimated'])
  expect(asked).toBe(1)
  expect(await registry.metrics()).toContain('threadtap_usage_estimates_total{outcome="estimated"} 1')
})

test('where counting fails the records go as they are, and it is counted', async () => {
  const { send, sent, registry } = lend(() => Promise.reject(new Error('no thread')))
  expect(await send([uncounted], never)).toEqual([delivered])
  expect(sent).toEqual([uncounted])
  expect(await registry.metrics()).toContain('threadtap_usage_estimates_total{outcome="failed"} 1')
})
