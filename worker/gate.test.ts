import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createLogger } from '../shared/logger.ts'
import { createWorkerEvents } from './events.ts'
import { createGate, gateTimes } from './gate.ts'

function aGate() {
  let now = 0
  const said: { level: string; msg: string }[] = []
  const logger = createLogger('info', 'worker', { write: (line) => void said.push(JSON.parse(line)) })
  const events = createWorkerEvents(new Registry(), logger)
  const gate = createGate({ now: () => now, monotonic: () => now }, events, gateTimes)
  const after = (ms: number): void => {
    now += ms
  }
  return { gate, levels: () => said.map(({ level }) => level), after }
}

const outage = { kind: 'outage', sink: 'langfuse', reason: 'HTTP 503' } as const
const held = { kind: 'held', sink: 'langfuse', reason: 'HTTP 401' } as const

test('an open gate admits any number of batches', () => {
  const { gate } = aGate()
  expect([gate.admit(), gate.admit()]).toEqual(['ordinary', 'ordinary'])
  expect(gate.opensInMs()).toBe(0)
})

test('an outage closes it, and then one batch alone finds out whether it is over', () => {
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

test('the pauses grow, up to the longest one', () => {
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
  expect(Math.max(...pauses)).toBeLessThanOrEqual(gateTimes.longestPauseMs)
  expect(pauses.at(-1)).toBeGreaterThanOrEqual(gateTimes.longestPauseMs / 2)
})

test('it waits as long as the server asks, but not for ever', () => {
  const { gate, after } = aGate()
  gate.report('ordinary', { ...outage, retryAfterMs: 7_000 })
  expect(gate.opensInMs()).toBe(7_000)
  after(7_000)
  gate.admit()
  gate.report('probe', { ...outage, retryAfterMs: 86_400_000 })
  expect(gate.opensInMs()).toBe(gateTimes.longestRetryAfterMs)
})

test('what was under way when it closed does not lengthen the pause, nor end it', () => {
  const { gate } = aGate()
  gate.report('ordinary', { ...outage, retryAfterMs: 5_000 })
  gate.report('ordinary', { ...outage, retryAfterMs: 90_000 })
  gate.report('ordinary', { kind: 'passed' })
  expect(gate.opensInMs()).toBe(5_000)
})

test('a hold is said loudly at once, again only after minutes, and probed steadily', () => {
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

test('a probe that was abandoned leaves the place to the next', () => {
  const { gate, after } = aGate()
  gate.report('ordinary', outage)
  after(gateTimes.firstPauseMs)
  gate.admit()
  gate.report('probe', { kind: 'abandoned' })
  expect(gate.admit()).toBe('probe')
})
