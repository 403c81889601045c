import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { noCounts } from '../shared/ledger/ledger.ts'
import type { InferenceRecord } from '../shared/record/record.ts'
import { type FakeLangfuse, startFakeLangfuse } from '../shared/testing/fake-langfuse/fake-langfuse.ts'
import type { Fault } from '../shared/testing/fake-langfuse/faults.ts'
import type { Mode } from '../shared/testing/fake-langfuse/modes.ts'
import { tempDir } from '../shared/testing/temp-dir.ts'
import { until } from '../shared/testing/until.ts'
import { replayDeadLetter } from './dead-letters/replay.ts'
import type { Sink } from './sinks/sink.ts'
import { aRecord } from './testing/records.ts'
import { aPack, createTestPipeline, langfuseSinkTo, type TestPipeline } from './testing/test-pipeline.ts'

const never = new AbortController().signal
let langfuse: FakeLangfuse
let pipeline: TestPipeline

async function start(mode: Mode, config: Parameters<typeof createTestPipeline>[2] = {}): Promise<void> {
  langfuse = await startFakeLangfuse(mode)
  pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse)], config)
}

const records = (count: number) => Array.from({ length: count }, () => aRecord())
const deliveredAll = (count: number) => ({ settled: { ...noCounts, delivered: count }, remaining: [] })
const deliveries = () => langfuse.requests().filter(({ method }) => method === 'POST')

/** The sink behind a gate that opens when it is told to, and the batches that have come to the gate. */
function heldBack({ name, send }: Sink) {
  const batches: (readonly InferenceRecord[])[] = []
  let release = (): void => undefined
  const open = new Promise<void>((resolve) => {
    release = resolve
  })
  const sink: Sink = {
    name,
    async send(batch, signal) {
      batches.push(batch)
      await open
      return send(batch, signal)
    },
  }
  return { sink, batches, release }
}

afterEach(() => langfuse.close())

describe.each(['v4', 'v3', 'v2'] as const)('with Langfuse %s', (mode) => {
  beforeEach(() => start(mode))

  test('the records of several packs arrive in one batch, each under its own ids', async () => {
    // Closed by its fifth record alone, so that the time between the two packs does not matter.
    pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse)], {
      langfuseFlushAt: 5,
      langfuseFlushIntervalMs: 3_600_000,
    })
    const [first, second] = [records(3), records(2)]
    const settled = await Promise.all([
      pipeline.consume(aPack(...first), never),
      pipeline.consume(aPack(...second), never),
    ])
    expect(settled).toEqual([deliveredAll(3), deliveredAll(2)])
    expect(deliveries()).toHaveLength(1)
    const ids = [...first, ...second].map(({ trace }) => trace.spanId)
    expect(langfuse.observations().map(({ id }) => id)).toEqual(ids)
    expect(langfuse.losses()).toEqual([])
  })

  test('a full batch is sent before its interval', async () => {
    pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse)], {
      langfuseFlushAt: 2,
      langfuseFlushIntervalMs: 3_600_000,
    })
    expect(await pipeline.consume(aPack(...records(4)), never)).toEqual(deliveredAll(4))
    expect(deliveries()).toHaveLength(2)
  })

  const temporary: readonly [string, Fault][] = [
    ['429', { kind: 'response', status: 429, body: { message: 'Rate limit exceeded' } }],
    ['500 with a web page', { kind: 'response', status: 500, body: '<html>oops</html>' }],
    ['502 with a web page', { kind: 'response', status: 502, body: '<html>bad gateway</html>' }],
    ['a reset', { kind: 'reset' }],
  ]
  test.each(temporary)('%s uses up no attempts, however often', async (_, fault) => {
    langfuse.failNext(fault, 8)
    expect(await pipeline.consume(aPack(...records(3)), never)).toEqual(deliveredAll(3))
    expect(langfuse.observations()).toHaveLength(3)
    expect(pipeline.lines().map(({ msg }) => msg)).toEqual(['delivery paused', 'delivery resumed'])
  })

  test('a request without a response times out, and is sent again', async () => {
    pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse)], { langfuseTimeoutMs: 50 })
    langfuse.failNext({ kind: 'no_response' }, 2)
    expect(await pipeline.consume(aPack(...records(2)), never)).toEqual(deliveredAll(2))
  })

  test('a server that is slower than the timeout gets every record, and few of them again', async () => {
    pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse)], {
      langfuseTimeoutMs: 40,
      langfuseFlushAt: 4,
    })
    langfuse.answerAfter(100)
    const sent = records(16)
    expect(await pipeline.consume(aPack(...sent), never)).toEqual(deliveredAll(16))
    expect(langfuse.observations()).toHaveLength(16)
    const repeats = sent.map(({ trace }) => langfuse.rows().filter(({ id }) => id === trace.spanId).length)
    expect(Math.max(...repeats)).toBeLessThanOrEqual(6)
    expect(langfuse.rows().length).toBeLessThanOrEqual(16 * 4)
  })

  test('records whose response was lost are sent again without being duplicated', async () => {
    langfuse.failNext({ kind: 'processed_then_reset' })
    expect(await pipeline.consume(aPack(...records(3)), never)).toEqual(deliveredAll(3))
    expect(deliveries()).toHaveLength(2)
    expect(langfuse.observations()).toHaveLength(3)
  })

  test('wrong keys hold delivery, are logged as an error once, and lose nothing', async () => {
    const right = langfuse.keys
    langfuse.setKeys({ publicKey: 'pk-lf-other', secretKey: 'sk-lf-other' })
    const settled = pipeline.consume(aPack(...records(3)), never)
    await until(() => deliveries().length > 3)
    expect(await pipeline.metrics()).toContain('threadtap_sink_held{sink="langfuse"} 1')
    langfuse.setKeys(right)
    expect(await settled).toEqual(deliveredAll(3))
    expect(pipeline.lines().map(({ level }) => level)).toEqual(['error', 'info'])
    expect(await pipeline.metrics()).not.toContain('threadtap_sink_held{sink="langfuse"} 1')
    expect(langfuse.observations()).toHaveLength(3)
  })

  test('one rejected record of twenty is kept as a dead letter, the others arrive', async () => {
    const good = records(19)
    // A span without an id, or an event whose id is too long.
    const bad = aRecord({
      trace: { traceId: 'f'.repeat(32), spanId: mode === 'v4' || mode === 'v3' ? '' : 'x'.repeat(900) },
    })
    const settled = await pipeline.consume(aPack(...good.slice(0, 7), bad, ...good.slice(7)), never)
    expect(settled).toEqual({ settled: { delivered: 19, deadLettered: 1, dropped: {} }, remaining: [] })
    expect(langfuse.observations()).toHaveLength(19)
    expect(await pipeline.deadLetters.list()).toEqual([bad.id])
    expect(await pipeline.deadLetters.read(bad.id)).toMatchObject({
      sink: 'langfuse',
      origin: 'test',
      record: bad,
    })
  })

  test('an abort returns what is not settled, and aborts the request in flight', async () => {
    // No time-out in between, however busy the machine is: only the abort may end the request.
    pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse)], { langfuseTimeoutMs: 3_600_000 })
    langfuse.failNext({ kind: 'no_response' })
    const stop = new AbortController()
    const sent = records(3)
    const settling = pipeline.consume(aPack(...sent), stop.signal)
    await until(() => deliveries().length === 1)
    stop.abort()
    expect(await settling).toEqual({ settled: noCounts, remaining: sent })
    expect(await pipeline.metrics()).toContain('threadtap_worker_records_in_hand 0')
  })

  test('an abort of one pack leaves the other packs of its batch alone', async () => {
    const { sink, batches, release } = heldBack(langfuseSinkTo(langfuse))
    // Closed by its fourth record alone: both packs are in it.
    pipeline = createTestPipeline(tempDir(), [sink], {
      langfuseFlushAt: 4,
      langfuseFlushIntervalMs: 3_600_000,
      langfuseTimeoutMs: 3_600_000,
    })
    const stop = new AbortController()
    const [leaving, staying] = [records(2), records(2)]
    const left = pipeline.consume(aPack(...leaving), stop.signal)
    const stayed = pipeline.consume(aPack(...staying), never)
    await until(() => batches.length === 1)
    stop.abort()
    expect((await left).remaining).toEqual(leaving)
    release()
    expect(await stayed).toEqual(deliveredAll(2))
    expect(batches).toEqual([[...leaving, ...staying]])
  })
})

test('Retry-After pauses every send for its duration', async () => {
  await start('v4')
  langfuse.failNext({ kind: 'response', status: 429, headers: { 'retry-after': '1' } })
  const startedAt = performance.now()
  expect(await pipeline.consume(aPack(...records(2)), never)).toEqual(deliveredAll(2))
  expect(performance.now() - startedAt).toBeGreaterThan(990)
  expect(deliveries()).toHaveLength(2)
})

test('a batch that is too large is halved until it is accepted', async () => {
  await start('v4')
  langfuse.failNext({ kind: 'response', status: 413, body: 'too large' }, 2)
  expect(await pipeline.consume(aPack(...records(8)), never)).toEqual(deliveredAll(8))
  expect(deliveries().map(({ status }) => status)).toEqual([413, 413, 200, 200, 200])
  expect(langfuse.rows()).toHaveLength(8)
})

test('a batch is closed by its bytes before it is too large for the server', async () => {
  await start('v2')
  pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse, { maxCharacters: 0 })])
  const large = Array.from({ length: 6 }, () => aRecord({ input: 'x'.repeat(1_000_000) }))
  expect(await pipeline.consume(aPack(...large), never)).toEqual(deliveredAll(6))
  expect(deliveries().map(({ status }) => status)).toEqual([207, 207, 207])
})

test('a single record that is too large arrives with a note of its size in place of its content', async () => {
  await start('v2')
  pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse, { maxCharacters: 0 })])
  const huge = aRecord({ input: 'x'.repeat(5_000_000) })
  expect(await pipeline.consume(aPack(aRecord(), huge, aRecord()), never)).toEqual(deliveredAll(3))
  const arrived = langfuse.observations().find(({ id }) => id === huge.trace.spanId)
  const note = '<removed: 5000002 bytes, too large for the sink>'
  expect(arrived?.input).toEqual({ messages: [{ role: 'user', content: note }] })
  expect(arrived?.usage.details).toMatchObject({ total: 81 })
})

test('records that are sampled out are dropped by trace, and counted', async () => {
  await start('v4', { langfuseSampleRate: 0.5 })
  const kept = aRecord({ trace: { traceId: `${'0'.repeat(19)}f${'0'.repeat(12)}`, spanId: 'a'.repeat(16) } })
  const dropped = aRecord({
    trace: { traceId: `${'f'.repeat(19)}0${'0'.repeat(12)}`, spanId: 'b'.repeat(16) },
  })
  expect(await pipeline.consume(aPack(kept, dropped), never)).toEqual({
    settled: { delivered: 1, deadLettered: 0, dropped: { sampled_out: 1 } },
    remaining: [],
  })
  expect(langfuse.observations().map(({ id }) => id)).toEqual(['a'.repeat(16)])
})

test('a relayed call is dropped and counted with spans off', async () => {
  await start('v4')
  pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse, { spans: false })])
  const relayed = aRecord({ operation: 'relay', method: 'GET', route: '/v1/models' })
  const { settled } = await pipeline.consume(aPack(aRecord(), relayed), never)
  expect(settled).toEqual({ delivered: 1, deadLettered: 0, dropped: { spans_off: 1 } })
})

test('a server that is upgraded from version 2 to 4 gets its new protocol', async () => {
  await start('v2')
  await pipeline.consume(aPack(aRecord()), never)
  langfuse.upgradeTo('v4')
  expect(await pipeline.consume(aPack(aRecord()), never)).toEqual(deliveredAll(1))
  expect(langfuse.observations()).toHaveLength(2)
})

test('a configured protocol that the server rejects holds delivery instead of losing records', async () => {
  await start('v4')
  pipeline = createTestPipeline(tempDir(), [langfuseSinkTo(langfuse, {}, 'ingestion')])
  const stop = new AbortController()
  const settling = pipeline.consume(aPack(aRecord()), stop.signal)
  await until(() => pipeline.lines().length > 0)
  expect(pipeline.lines()[0]).toMatchObject({
    level: 'error',
    reason: expect.stringContaining('Event type not accepted'),
  })
  stop.abort()
  expect((await settling).remaining).toHaveLength(1)
})

test('a dead letter that is delivered by a replay is removed', async () => {
  await start('v4')
  const replayed: string[] = []
  const record = aRecord()
  await pipeline.deadLetters.keep(record, 'test', 'langfuse', 'HTTP 400')
  expect(
    await replayDeadLetter(
      record.id,
      pipeline.deadLetters,
      pipeline.consume,
      async (origin) => void replayed.push(origin),
      never,
    ),
  ).toBe('delivered')
  expect(replayed).toEqual(['test'])
  expect(await pipeline.deadLetters.list()).toEqual([])
  expect(langfuse.observations()).toHaveLength(1)
})

test('a dead letter that is rejected again is kept', async () => {
  await start('v4')
  const record = aRecord({ trace: { traceId: 'f'.repeat(32), spanId: '' } })
  await pipeline.deadLetters.keep(record, 'test', 'langfuse', 'HTTP 400')
  expect(await replayDeadLetter(record.id, pipeline.deadLetters, pipeline.consume, unexpected, never)).toBe(
    'kept',
  )
  expect(await pipeline.deadLetters.list()).toEqual([record.id])
})

function unexpected(): never {
  throw new Error('nothing was delivered')
}

test('an empty pack is settled at once', async () => {
  await start('v4')
  expect(await pipeline.consume(aPack(), never)).toEqual(deliveredAll(0))
})

test('copies are kept as they come, once more with estimated usage, and their outcome is noted', async () => {
  await start('v4')
  const kept: string[] = []
  const noted: string[] = []
  const copying = createTestPipeline(
    tempDir(),
    [langfuseSinkTo(langfuse)],
    {},
    {
      keep: (records) => kept.push(...records.map(({ usage }) => usage.provenance)),
      noteDelivery: (_record, { state }) => noted.push(state),
    },
  )
  const record = { ...aRecord(), usage: { provenance: 'missing' } as const }
  await copying.consume(aPack(record), never)
  expect([kept, noted]).toEqual([['missing', 'estimated'], ['delivered']])
})

test('a tool gets its arguments from the record that asked, whichever of them is sent first', async () => {
  await start('v4', { langfuseFlushAt: 1 })
  const call = { type: 'function_call', call_id: 'call_1', name: 'now', arguments: '{"zone":"UTC"}' }
  const asking = aRecord({ operation: 'responses', output: { kind: 'items', items: [call] } })
  const span = { spanId: '1'.repeat(16), askedBy: asking.id, callId: 'call_1', startedAt: 1, endedAt: 2 }
  const bringing = aRecord({ operation: 'responses', toolSpans: [span] })
  await pipeline.consume(aPack(bringing, asking), never)
  const tool = langfuse.observations().find(({ type }) => type === 'TOOL')
  expect(tool).toMatchObject({ name: 'now', input: '{"zone":"UTC"}' })
})
