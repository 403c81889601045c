import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { noCounts } from '../shared/ledger/ledger.ts'
import {
  type FakeLangfuse,
  type Fault,
  startFakeLangfuse,
} from '../shared/testing/fake-langfuse/fake-langfuse.ts'
import type { Mode } from '../shared/testing/fake-langfuse/modes.ts'
import { tempDir } from '../shared/testing/temp-dir.ts'
import { replayDeadLetter } from './dead-letters/replay.ts'
import { aPack, type Bench, createBench, sinkTo } from './testing/bench.ts'
import { aRecord } from './testing/records.ts'

const never = new AbortController().signal
let langfuse: FakeLangfuse
let bench: Bench

async function start(mode: Mode, config: Parameters<typeof createBench>[2] = {}): Promise<void> {
  langfuse = await startFakeLangfuse(mode)
  bench = createBench(tempDir(), [sinkTo(langfuse)], config)
}

const records = (count: number) => Array.from({ length: count }, () => aRecord())
const deliveredAll = (count: number) => ({ settled: { ...noCounts, delivered: count }, remaining: [] })
const deliveries = () => langfuse.requests().filter(({ method }) => method === 'POST')

afterEach(() => langfuse.close())

describe.each(['v4', 'v3', 'v2'] as const)('with Langfuse %s', (mode) => {
  beforeEach(() => start(mode))

  test('the records of several packs arrive in one batch, each under its own ids', async () => {
    // Closed by its fifth record alone: how long the two packs are apart is the machine's affair.
    bench = createBench(tempDir(), [sinkTo(langfuse)], {
      langfuseFlushAt: 5,
      langfuseFlushIntervalMs: 3_600_000,
    })
    const [first, second] = [records(3), records(2)]
    const settled = await Promise.all([
      bench.consume(aPack(...first), never),
      bench.consume(aPack(...second), never),
    ])
    expect(settled).toEqual([deliveredAll(3), deliveredAll(2)])
    expect(deliveries()).toHaveLength(1)
    const ids = [...first, ...second].map(({ trace }) => trace.spanId)
    expect(langfuse.observations().map(({ id }) => id)).toEqual(ids)
    expect(langfuse.losses()).toEqual([])
  })

  test('a full batch does not wait for its time', async () => {
    bench = createBench(tempDir(), [sinkTo(langfuse)], {
      langfuseFlushAt: 2,
      langfuseFlushIntervalMs: 3_600_000,
    })
    expect(await bench.consume(aPack(...records(4)), never)).toEqual(deliveredAll(4))
    expect(deliveries()).toHaveLength(2)
  })

  const passing: readonly [string, Fault][] = [
    ['429', { kind: 'answer', status: 429, body: { message: 'Rate limit exceeded' } }],
    ['500 with a web page', { kind: 'answer', status: 500, body: '<html>oops</html>' }],
    ['502 with a web page', { kind: 'answer', status: 502, body: '<html>bad gateway</html>' }],
    ['a reset', { kind: 'reset' }],
  ]
  test.each(passing)('%s uses nothing up, however often', async (_, fault) => {
    langfuse.failNext(fault, 8)
    expect(await bench.consume(aPack(...records(3)), never)).toEqual(deliveredAll(3))
    expect(langfuse.observations()).toHaveLength(3)
    expect(bench.lines().map(({ msg }) => msg)).toEqual(['delivery paused', 'delivery resumed'])
  })

  test('a server that does not answer is given up after the timeout, and tried again', async () => {
    bench = createBench(tempDir(), [sinkTo(langfuse)], { langfuseTimeoutMs: 50 })
    langfuse.failNext({ kind: 'silence' }, 2)
    expect(await bench.consume(aPack(...records(2)), never)).toEqual(deliveredAll(2))
  })

  test('what arrived although its answer was lost is not doubled by sending it again', async () => {
    langfuse.failNext({ kind: 'taken_then_reset' })
    expect(await bench.consume(aPack(...records(3)), never)).toEqual(deliveredAll(3))
    expect(deliveries()).toHaveLength(2)
    expect(langfuse.observations()).toHaveLength(3)
  })

  test('wrong keys hold everything, are said loudly once, and cost nothing', async () => {
    const right = langfuse.keys
    langfuse.setKeys({ publicKey: 'pk-lf-other', secretKey: 'sk-lf-other' })
    const settled = bench.consume(aPack(...records(3)), never)
    await vi.waitUntil(() => deliveries().length > 3)
    expect(await bench.metrics()).toContain('threadtap_sink_held{sink="langfuse"} 1')
    langfuse.setKeys(right)
    expect(await settled).toEqual(deliveredAll(3))
    expect(bench.lines().map(({ level }) => level)).toEqual(['error', 'info'])
    expect(await bench.metrics()).not.toContain('threadtap_sink_held{sink="langfuse"} 1')
    expect(langfuse.observations()).toHaveLength(3)
  })

  test('one record of twenty that the server refuses is kept as a dead letter, the others arrive', async () => {
    const good = records(19)
    // No such moment: the span would be without an id, the events without a valid one.
    const bad = aRecord({
      trace: { traceId: 'f'.repeat(32), spanId: mode === 'v4' || mode === 'v3' ? '' : 'x'.repeat(900) },
    })
    const settled = await bench.consume(aPack(...good.slice(0, 7), bad, ...good.slice(7)), never)
    expect(settled).toEqual({ settled: { delivered: 19, deadLettered: 1, dropped: {} }, remaining: [] })
    expect(langfuse.observations()).toHaveLength(19)
    expect(await bench.deadLetters.list()).toEqual([bad.id])
    expect(await bench.deadLetters.read(bad.id)).toMatchObject({
      sink: 'langfuse',
      origin: 'test',
      record: bad,
    })
  })

  test('an abort gives back what is not settled, and ends the request that is under way', async () => {
    langfuse.failNext({ kind: 'silence' })
    const stop = new AbortController()
    const given = records(3)
    const settling = bench.consume(aPack(...given), stop.signal)
    await vi.waitUntil(() => deliveries().length === 1)
    stop.abort()
    expect(await settling).toEqual({ settled: noCounts, remaining: given })
    expect(await bench.metrics()).toContain('threadtap_worker_records_in_hand 0')
  })

  test('an abort of one pack leaves the other packs of its batch alone', async () => {
    bench = createBench(tempDir(), [sinkTo(langfuse)], { langfuseTimeoutMs: 200 })
    langfuse.failNext({ kind: 'silence' })
    const stop = new AbortController()
    const [leaving, staying] = [records(2), records(2)]
    const left = bench.consume(aPack(...leaving), stop.signal)
    const stayed = bench.consume(aPack(...staying), never)
    await vi.waitUntil(() => deliveries().length === 1)
    stop.abort()
    expect((await left).remaining).toEqual(leaving)
    expect(await stayed).toEqual(deliveredAll(2))
  })
})

test('Retry-After pauses every send for as long as the server asked', async () => {
  await start('v4')
  langfuse.failNext({ kind: 'answer', status: 429, headers: { 'retry-after': '1' } })
  const startedAt = performance.now()
  expect(await bench.consume(aPack(...records(2)), never)).toEqual(deliveredAll(2))
  expect(performance.now() - startedAt).toBeGreaterThan(990)
  expect(deliveries()).toHaveLength(2)
})

test('a batch that is too large is halved until it passes', async () => {
  await start('v4')
  langfuse.failNext({ kind: 'answer', status: 413, body: 'too large' }, 2)
  expect(await bench.consume(aPack(...records(8)), never)).toEqual(deliveredAll(8))
  expect(deliveries().map(({ status }) => status)).toEqual([413, 413, 200, 200, 200])
  expect(langfuse.rows()).toHaveLength(8)
})

test('a batch is closed by its bytes before the server would find it too large', async () => {
  await start('v2')
  const large = Array.from({ length: 6 }, () => aRecord({ input: 'x'.repeat(1_000_000) }))
  expect(await bench.consume(aPack(...large), never)).toEqual(deliveredAll(6))
  expect(deliveries().map(({ status }) => status)).toEqual([207, 207, 207])
})

test('a single record that is too large arrives without its content, which is told by its size', async () => {
  await start('v2')
  const huge = aRecord({ input: 'x'.repeat(5_000_000) })
  expect(await bench.consume(aPack(aRecord(), huge, aRecord()), never)).toEqual(deliveredAll(3))
  const arrived = langfuse.observations().find(({ id }) => id === huge.trace.spanId)
  expect(arrived?.input).toBe('<removed: 5000002 bytes, too large for the sink>')
  expect(arrived?.usage.details).toMatchObject({ total: 81 })
})

test('records that are sampled out are dropped by trace, and counted', async () => {
  await start('v4', { langfuseSampleRate: 0.5 })
  const kept = aRecord({ trace: { traceId: `${'0'.repeat(19)}f${'0'.repeat(12)}`, spanId: 'a'.repeat(16) } })
  const left = aRecord({ trace: { traceId: `${'f'.repeat(19)}0${'0'.repeat(12)}`, spanId: 'b'.repeat(16) } })
  expect(await bench.consume(aPack(kept, left), never)).toEqual({
    settled: { delivered: 1, deadLettered: 0, dropped: { sampled_out: 1 } },
    remaining: [],
  })
  expect(langfuse.observations().map(({ id }) => id)).toEqual(['a'.repeat(16)])
})

test('a relayed call goes nowhere with spans off, and is dropped by that name', async () => {
  await start('v4')
  bench = createBench(tempDir(), [sinkTo(langfuse, { spans: false })])
  const relayed = aRecord({ operation: 'relay', method: 'GET', route: '/v1/models' })
  const { settled } = await bench.consume(aPack(aRecord(), relayed), never)
  expect(settled).toEqual({ delivered: 1, deadLettered: 0, dropped: { spans_off: 1 } })
})

test('a server that is upgraded from version 2 to 4 is spoken to in its new protocol', async () => {
  await start('v2')
  await bench.consume(aPack(aRecord()), never)
  langfuse.become('v4')
  expect(await bench.consume(aPack(aRecord()), never)).toEqual(deliveredAll(1))
  expect(langfuse.observations()).toHaveLength(2)
})

test('a protocol that is forced upon the wrong server holds instead of burying', async () => {
  await start('v4')
  bench = createBench(tempDir(), [sinkTo(langfuse, {}, 'ingestion')])
  const stop = new AbortController()
  const settling = bench.consume(aPack(aRecord()), stop.signal)
  await vi.waitUntil(() => bench.lines().length > 0)
  expect(bench.lines()[0]).toMatchObject({
    level: 'error',
    reason: expect.stringContaining('Event type not accepted'),
  })
  stop.abort()
  expect((await settling).remaining).toHaveLength(1)
})

test('a dead letter that is replayed with success is gone', async () => {
  await start('v4')
  const replayed: string[] = []
  const record = aRecord()
  await bench.deadLetters.keep(record, 'test', 'langfuse', 'HTTP 400')
  expect(
    await replayDeadLetter(
      record.id,
      bench.deadLetters,
      bench.consume,
      async (origin) => void replayed.push(origin),
      never,
    ),
  ).toBe('delivered')
  expect(replayed).toEqual(['test'])
  expect(await bench.deadLetters.list()).toEqual([])
  expect(langfuse.observations()).toHaveLength(1)
})

test('a dead letter that is refused again is kept', async () => {
  await start('v4')
  const record = aRecord({ trace: { traceId: 'f'.repeat(32), spanId: '' } })
  await bench.deadLetters.keep(record, 'test', 'langfuse', 'HTTP 400')
  expect(await replayDeadLetter(record.id, bench.deadLetters, bench.consume, unexpected, never)).toBe('kept')
  expect(await bench.deadLetters.list()).toEqual([record.id])
})

function unexpected(): never {
  throw new Error('nothing was delivered')
}

test('an empty pack is settled at once', async () => {
  await start('v4')
  expect(await bench.consume(aPack(), never)).toEqual(deliveredAll(0))
})
