import { expect, test, vi } from 'vitest'
import type { InferenceRecord } from '../shared/record/record.ts'
import { tempDir } from '../shared/testing/temp-dir.ts'
import { delivered, failed, forAll, type Send, type Verdict } from './sinks/sink.ts'
import { aPack, createBench } from './testing/bench.ts'
import { aRecord } from './testing/records.ts'

const never = new AbortController().signal
const away = failed({ kind: 'retryable', reason: 'away' })
const once = { langfuseMaxRetries: 0 }

/** A pipeline into a sink that answers as told. */
const benchTo = (send: Send, config = {}) =>
  createBench(tempDir(), [{ name: 'test', send }], { ...once, ...config })

/** A sink that never answers, and tells which batches were given up. */
function silentSink() {
  const signals: AbortSignal[] = []
  const send: Send = (_, signal) =>
    new Promise((_resolve, reject) => {
      signals.push(signal)
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  return { signals, send }
}

test('a request is ended when nobody waits for it any more, and not before', async () => {
  const { signals, send } = silentSink()
  const { consume } = benchTo(send)
  const [first, second] = [new AbortController(), new AbortController()]
  const leaving = consume(aPack(aRecord()), first.signal)
  const staying = consume(aPack(aRecord()), second.signal)
  await vi.waitUntil(() => signals.length === 1)
  first.abort()
  expect((await leaving).remaining).toHaveLength(1)
  expect(signals[0]?.aborted).toBe(false)
  second.abort()
  expect((await staying).remaining).toHaveLength(1)
  expect(signals[0]?.aborted).toBe(true)
})

test('what was taken back before its batch was closed is not sent', async () => {
  const sent: InferenceRecord[] = []
  const { consume } = benchTo(
    async (batch) => {
      sent.push(...batch)
      return forAll(batch, delivered)
    },
    { langfuseFlushAt: 2, langfuseFlushIntervalMs: 3_600_000 },
  )
  const stop = new AbortController()
  const left = consume(aPack(aRecord()), stop.signal)
  stop.abort()
  await left
  const staying = [aRecord(), aRecord()]
  await consume(aPack(...staying), never)
  expect(sent).toEqual(staying)
})

test('a pack whose time is over before it comes is given back untouched', async () => {
  const { signals, send } = silentSink()
  const { remaining } = await benchTo(send).consume(aPack(aRecord()), AbortSignal.abort())
  expect([remaining.length, signals.length]).toEqual([1, 0])
})

test('an outage uses no record up, however long it lasts', async () => {
  let tries = 0
  const { consume } = benchTo(async (batch) => forAll(batch, ++tries > 30 ? delivered : away))
  expect((await consume(aPack(aRecord(), aRecord()), never)).settled.delivered).toBe(2)
  expect(tries).toBe(31)
})

test('a record that fails again and again while others pass does not hold its pack back for ever', async () => {
  const odd = aRecord()
  const verdictOf = (record: InferenceRecord): Verdict => (record === odd ? away : delivered)
  const { consume, deadLetters } = benchTo(async (batch) => batch.map(verdictOf), { langfuseFlushAt: 2 })
  const settling = consume(aPack(odd, aRecord()), never)
  let over = false
  void settling.then(() => {
    over = true
  })
  // Others keep it company, so that each time somebody passes.
  while (!over) await consume(aPack(aRecord()), never)
  expect((await settling).settled).toEqual({ delivered: 1, deadLettered: 1, dropped: {} })
  expect(await deadLetters.list()).toEqual([odd.id])
})

test('a sink that throws is taken for an outage, and said', async () => {
  let tries = 0
  const { consume, lines } = benchTo(async (batch) => {
    if (tries++ === 0) throw new TypeError('a mistake of ours')
    return forAll(batch, delivered)
  })
  expect((await consume(aPack(aRecord()), never)).settled.delivered).toBe(1)
  expect(lines().map(({ level }) => level)).toEqual(['error', 'warn', 'info'])
})

test('a record that finds the dead letters full is dropped under that name', async () => {
  const refused = failed({ kind: 'permanent', reason: 'no' })
  const bench = createBench('/dev/null/nowhere', [
    { name: 'test', send: async (batch) => forAll(batch, refused) },
  ])
  const { settled } = await bench.consume(aPack(aRecord()), never)
  expect(settled).toEqual({ delivered: 0, deadLettered: 0, dropped: { dead_letters_full: 1 } })
})
