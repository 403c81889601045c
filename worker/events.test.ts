import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from '../shared/logger.ts'
import { createWorkerEvents } from './events.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }))
afterEach(() => void vi.useRealTimers())

test('a record that Langfuse took and does not have is said, counted and shown until one is found', async () => {
  const lines: string[] = []
  const registry = new Registry()
  const logger = createLogger('info', 'worker', { write: (line) => void lines.push(line) })
  const events = createWorkerEvents(registry, logger)
  events.recordVerified({ outcome: 'found', traceId: 'a' })
  expect(lines).toEqual([])
  events.recordVerified({ outcome: 'missing', traceId: 'b' })
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    trace: 'b',
    msg: expect.stringContaining('does not have it'),
  })
  expect(await registry.metrics()).toContain('threadtap_degraded{part="read_back"} 1')
  events.recordVerified({ outcome: 'found', traceId: 'c' })
  const metrics = await registry.metrics()
  expect(metrics).toContain('threadtap_degraded{part="read_back"} 0')
  expect(metrics).toContain('threadtap_langfuse_verified_total{outcome="found"} 2')
  expect(metrics).toContain('threadtap_langfuse_verified_total{outcome="skipped"} 0')
})

test('failures that repeat are a line at once and then rarely, and each of them is counted', async () => {
  const lines: string[] = []
  const registry = new Registry()
  const logger = createLogger('info', 'worker', { write: (line) => void lines.push(line) })
  const events = createWorkerEvents(registry, logger)
  for (let n = 0; n < 50; n++) events.onlyStoreFailed(new Error('no space left on device'))
  expect(lines).toHaveLength(1)
  vi.advanceTimersByTime(60_000)
  expect(lines.map((line) => JSON.parse(line).left_out)).toEqual([undefined, 48])
  const metrics = await registry.metrics()
  expect(metrics).toContain('threadtap_part_failures_total{part="local_store"} 50')
  expect(metrics).toContain('threadtap_degraded{part="local_store"} 1')
})
