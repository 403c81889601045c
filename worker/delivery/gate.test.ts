import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import { createWorkerEvents } from '../events.ts'
import { createGate } from './gate.ts'
import { gateTimes } from './gate-times.ts'

function aGate() {
  let now = 0
  const lines: { level: string; msg: string }[] = []
  const logger = createLogger('info', 'worker', { write: (line) => void lines.push(JSON.parse(line)) })
  const events = createWorkerEvents(new Registry(), logger)
  const gate = createGate({ now: () => now, monotonic: () => now }, events, gateTimes)
  const after = (ms: number): void => {
    now += ms
  }
  return { gate, levels: () => lines.map(({ level }) => level), after }
}

const outage = { kind: 'outage', sink: 'langfuse', reason: 'HTTP 503' } as const
const held = { kind: 'held', sink: 'langfuse', reason: 'HTTP 401' } as const

test('an open gate admits any number of batches', () => {
  const { gate } = aGate()
  expect([gate.admit(), gate.admit()]).toEqual(['ordinary', 'ordinary'])
  expect(gate.opensInMs()).toBe(0)
})

test('an outage closes the gate, and one batch alone probes whether it is over', () => {
  const { gate, after, levels } = aGate()
  gate.report('ordinary', outage)
  expect(gate.admit()).toBeUndefined()
  after(gateTimes.firstPauseMs)
  expect([gate.admit(), gate.admit()]).toEqual(['probe', undefined])
  expect(gate.opensInMs()).toBeUndefined()
  gate.report('probe', { kind: 'passed' })
  expect(gate.admit()).toBe('ordinary')
  expect(levels()).toEqual(['warn', 'info'])
})

test('the pauses grow up to a maximum', () => {
  const { gate, after } = aGate()
  gate.report('ordinary', outage)
  const pauses = Array.from({ length: 10 }, () => {
    const pause = gate.opensInMs() ?? 0
    after(pause)
    expect(gate.admit()).toBe('probe')
    gate.report('probe', outage)
    return pause
  })
  expect(pauses[0]).toBeLessThanOrEqual(gateTimes.firstPauseMs)
  expect(pauses[3]).toBeGreaterThan(pauses[0] ?? 0)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(gateTimes.maxPauseMs)
  expect(pauses.at(-1)).toBeGreaterThanOrEqual(gateTimes.maxPauseMs / 2)
})

test('the pause is as long as Retry-After, up to a maximum', () => {
  const { gate, after } = aGate()
  gate.report('ordinary', { ...outage, retryAfterMs: 7_000 })
  expect(gate.opensInMs()).toBe(7_000)
  after(7_000)
  gate.admit()
  gate.report('probe', { ...outage, retryAfterMs: 86_400_000 })
  expect(gate.opensInMs()).toBe(gateTimes.maxRetryAfterMs)
})

test('batches that were in flight when the gate closed neither lengthen nor end the pause', () => {
  const { gate } = aGate()
  gate.report('ordinary', { ...outage, retryAfterMs: 5_000 })
  gate.report('ordinary', { ...outage, retryAfterMs: 90_000 })
  gate.report('ordinary', { kind: 'passed' })
  expect(gate.opensInMs()).toBe(5_000)
})

test('a hold is an error at once and again only after minutes, and is probed steadily', () => {
  const { gate, after, levels } = aGate()
  gate.report('ordinary', held)
  for (let probes = 0; probes < 10; probes++) {
    expect(gate.opensInMs()).toBe(gateTimes.heldProbeMs)
    after(gateTimes.heldProbeMs)
    gate.admit()
    gate.report('probe', held)
  }
  expect(levels()).toEqual(['error', 'error'])
})

test('an aborted probe leaves its place to the next one', () => {
  const { gate, after } = aGate()
  gate.report('ordinary', outage)
  after(gateTimes.firstPauseMs)
  gate.admit()
  gate.report('probe', { kind: 'aborted' })
  expect(gate.admit()).toBe('probe')
})
