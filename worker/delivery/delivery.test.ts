import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { delivered, failed, forAll, type Send, type Sink, type Verdict } from '../sinks/sink.ts'
import { aRecord } from '../testing/records.ts'
import { aPack, createTestPipeline } from '../testing/test-pipeline.ts'

const never = new AbortController().signal
const outage = failed({ kind: 'retryable', reason: 'away' })
const withoutRetries = { langfuseMaxRetries: 0 }

/** A pipeline into a sink of one function. */
const pipelineTo = (send: Send, config = {}) =>
  createTestPipeline(tempDir(), [{ name: 'test', send }], { ...withoutRetries, ...config })

/** A sink that never settles, and the signals of its batches. */
function hangingSink() {
  const signals: AbortSignal[] = []
  const send: Send = (_, signal) =>
    new Promise((_resolve, reject) => {
      signals.push(signal)
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  return { signals, send }
}

test('a request is aborted when none of its packs waits for it any more, and not before', async () => {
  const { signals, send } = hangingSink()
  const { consume } = pipelineTo(send)
  const [first, second] = [new AbortController(), new AbortController()]
  const leaving = consume(aPack(aRecord()), first.signal)
  const staying = consume(aPack(aRecord()), second.signal)
  await until(() => signals.length === 1)
  first.abort()
  expect((await leaving).remaining).toHaveLength(1)
  expect(signals[0]?.aborted).toBe(false)
  second.abort()
  expect((await staying).remaining).toHaveLength(1)
  expect(signals[0]?.aborted).toBe(true)
})

test('a pack that is aborted before its batch is closed is not sent', async () => {
  const sent: InferenceRecord[] = []
  const { consume } = pipelineTo(
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

test('a pack whose signal is aborted on arrival is returned as remaining', async () => {
  const { signals, send } = hangingSink()
  const { remaining } = await pipelineTo(send).consume(aPack(aRecord()), AbortSignal.abort())
  expect([remaining.length, signals.length]).toEqual([1, 0])
})

test('an outage uses up no attempts, however long it lasts', async () => {
  let attempts = 0
  const { consume } = pipelineTo(async (batch) => forAll(batch, ++attempts > 30 ? delivered : outage))
  expect((await consume(aPack(aRecord(), aRecord()), never)).settled.delivered).toBe(2)
  expect(attempts).toBe(31)
})

test('a record that fails again and again while others pass becomes a dead letter', async () => {
  const failing = aRecord()
  const verdictOf = (record: InferenceRecord): Verdict => (record === failing ? outage : delivered)
  const { consume, deadLetters } = pipelineTo(async (batch) => batch.map(verdictOf), { langfuseFlushAt: 2 })
  const settling = consume(aPack(failing, aRecord()), never)
  let isSettled = false
  void settling.then(() => {
    isSettled = true
  })
  // Each batch has another record that passes.
  while (!isSettled) await consume(aPack(aRecord()), never)
  expect((await settling).settled).toEqual({ delivered: 1, deadLettered: 1, dropped: {} })
  expect(await deadLetters.list()).toEqual([failing.id])
})

test('a sink that throws counts as an outage, and is logged', async () => {
  let attempts = 0
  const { consume, lines } = pipelineTo(async (batch) => {
    if (attempts++ === 0) throw new TypeError('a bug')
    return forAll(batch, delivered)
  })
  expect((await consume(aPack(aRecord()), never)).settled.delivered).toBe(1)
  expect(lines().map(({ level }) => level)).toEqual(['error', 'warn', 'info'])
})

const refused = failed({ kind: 'permanent', reason: 'no' })

test('a record is dropped and counted when the dead letters are full', async () => {
  const sink = { name: 'test', send: async (batch) => forAll(batch, refused) } satisfies Sink
  const pipeline = createTestPipeline(tempDir(), [sink], {}, undefined, { files: 0, bytes: 0 })
  const { settled } = await pipeline.consume(aPack(aRecord()), never)
  expect(settled).toEqual({ delivered: 0, deadLettered: 0, dropped: { dead_letters_full: 1 } })
})

/** Refuses one record, whose dead letter cannot be written until the file in the way is removed. */
function refusingOne() {
  const folder = join(tempDir(), 'dead')
  writeFileSync(folder, 'in the way')
  const bad = aRecord()
  const sent: InferenceRecord[] = []
  const pipeline = createTestPipeline(folder, [
    {
      name: 'test',
      async send(batch) {
        sent.push(...batch)
        return batch.map((record) => (record === bad ? refused : delivered))
      },
    },
  ])
  return { ...pipeline, folder, bad, sent }
}

test('a dead letter that cannot be written waits, is not sent again, and holds up no other pack', async () => {
  const { consume, deadLetters, folder, bad, sent, metrics } = refusingOne()
  const settling = consume(aPack(bad), never)
  const failedTwice = /threadtap_part_failures_total\{part="dead_letters"\} [2-9]/
  await until(async () => failedTwice.test(await metrics()))
  expect((await consume(aPack(aRecord()), never)).settled.delivered).toBe(1)
  expect(await metrics()).toContain('threadtap_degraded{part="dead_letters"} 1')
  rmSync(folder)
  expect((await settling).settled).toEqual({ delivered: 0, deadLettered: 1, dropped: {} })
  expect(sent.filter((record) => record === bad)).toHaveLength(1)
  expect(await deadLetters.list()).toEqual([bad.id])
  expect(await metrics()).toContain('threadtap_degraded{part="dead_letters"} 0')
})

test('a record whose dead letter waits remains when its pack is aborted', async () => {
  const { consume, bad, lines } = refusingOne()
  const abort = new AbortController()
  const settling = consume(aPack(bad, aRecord()), abort.signal)
  await until(() => lines().some(({ msg }) => msg.startsWith('dead letters cannot be written')))
  abort.abort()
  const { settled, remaining } = await settling
  expect(remaining).toEqual([bad])
  expect(settled).toEqual({ delivered: 1, deadLettered: 0, dropped: {} })
})

test('a call that ends after now, because the clock was set back, has no negative age', async () => {
  const { consume, metrics } = pipelineTo(async (batch) => forAll(batch, delivered))
  await consume(aPack(aRecord({ times: { startedAt: Date.now() + 3_600_000, durationMs: 1 } })), never)
  expect(await metrics()).toContain('threadtap_delivery_age_seconds_sum 0\n')
})

test('records that timed out are sent again after all that were not sent at all, in smaller batches', async () => {
  const timedOut = failed({ kind: 'retryable', reason: 'late', timedOut: true })
  const sent: (readonly InferenceRecord[])[] = []
  const { consume } = pipelineTo(
    async (batch) => {
      sent.push(batch)
      return forAll(batch, sent.length <= 4 ? timedOut : delivered)
    },
    { langfuseFlushAt: 2, langfuseFlushIntervalMs: 0 },
  )
  const records = Array.from({ length: 12 }, () => aRecord())
  expect((await consume(aPack(...records), never)).settled.delivered).toBe(12)
  const again = sent.slice(4)
  expect(again.flat()).toEqual([...records.slice(8), ...records.slice(0, 8)])
  expect(again[0]).toHaveLength(1)
})
