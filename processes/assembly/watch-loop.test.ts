import { Registry } from 'prom-client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import { loopMetrics } from '../../shared/metrics/catalogue.ts'
import { createMetrics } from '../../shared/metrics/metrics.ts'
import { watchLoop } from './watch-loop.ts'

function startWatch() {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let now = 0
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => void lines.push(JSON.parse(line))
  const registry = new Registry()
  const watch = watchLoop('recording', createMetrics(loopMetrics, registry), {
    clock: { now: () => now, monotonic: () => now },
    log: createLogger('info', 'start', { write }),
  })
  watch.start()
  const pass = (lateMs: number) => {
    now += 20 + lateMs
    vi.advanceTimersByTime(20)
  }
  return { watch, lines, registry, pass }
}

test('each delay is counted for its thread', async () => {
  const { registry, pass } = startWatch()
  for (const lateMs of [0, 4, 40]) pass(lateMs)
  const text = await registry.metrics()
  expect(text).toContain('threadtap_loop_delay_seconds_bucket{le="0.005",thread="recording"} 2')
  expect(text).toContain('threadtap_loop_delay_seconds_count{thread="recording"} 3')
})

test('a block of more than 50 ms is logged with the thread and with what ran', () => {
  const { watch, lines, pass } = startWatch()
  watch.note('packing records')
  pass(50)
  expect(lines).toEqual([])
  pass(80)
  expect(lines).toMatchObject([{ thread: 'recording', ms: 80, activity: 'packing records' }])
})

test('blocks that come in numbers are a line in a while, with how many were left out', () => {
  const { lines, pass } = startWatch()
  for (const lateMs of [80, 90, 100]) pass(lateMs)
  expect(lines).toHaveLength(1)
  vi.advanceTimersByTime(60_000)
  expect(lines[1]).toMatchObject({ ms: 100, left_out: 1 })
})
