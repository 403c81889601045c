import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createDegradations } from './degradations.ts'

async function create() {
  const registry = new Registry()
  return { degradations: createDegradations(registry), metrics: () => registry.metrics() }
}

test('a part that failed is listed and shown until it has recovered, and each failure is counted', async () => {
  const { degradations, metrics } = await create()
  degradations.failed('spool', 'records wait in memory', new Error('no space'))
  degradations.failed('redis', 'records wait in the spool', 'disconnected')
  degradations.failed('spool', 'records wait in memory', new Error('still no space'))
  expect(degradations.list()).toEqual([
    { part: 'spool', effect: 'records wait in memory', reason: 'still no space' },
    { part: 'redis', effect: 'records wait in the spool', reason: 'disconnected' },
  ])
  expect(await metrics()).toContain('threadtap_degraded{part="spool"} 1')

  expect(degradations.recovered('spool')).toBe(true)
  expect(degradations.recovered('spool')).toBe(false)
  expect(degradations.list().map(({ part }) => part)).toEqual(['redis'])
  expect(await metrics()).toContain('threadtap_degraded{part="spool"} 0')
  expect(await metrics()).toContain('threadtap_part_failures_total{part="spool"} 2')
})

test('every part is shown before it fails', async () => {
  const { metrics } = await create()
  expect(await metrics()).toContain('threadtap_degraded{part="local_store"} 0')
  expect(await metrics()).toContain('threadtap_part_failures_total{part="local_store"} 0')
})
