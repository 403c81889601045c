import { expect, onTestFinished, test } from 'vitest'
import {
  type FakeLangfuse,
  startFakeLangfuse,
} from '../../../../shared/testing/fake-langfuse/fake-langfuse.ts'
import type { Mode } from '../../../../shared/testing/fake-langfuse/modes.ts'
import { until } from '../../../../shared/testing/until.ts'
import { systemClock } from '../../../../shared/timing/clock.ts'
import { aRecord } from '../../../testing/records.ts'
import { basicAuthorization } from '../credentials.ts'
import { langfuseSink } from '../sink.ts'
import { observationReader } from './read-observation.ts'
import { createVerification, type VerificationTimes, type Verified } from './verification.ts'

const quick: VerificationTimes = { waitsMs: [1, 5, 10, 20], paceMs: 1, maxWaiting: 100 }
const never = new AbortController().signal

async function start(mode: Mode, times: Partial<VerificationTimes> = {}, sample = true) {
  const langfuse = await startFakeLangfuse(mode)
  const { publicKey, secretKey } = langfuse.keys
  const verified: Verified[] = []
  const verification = createVerification({
    read: observationReader({
      baseUrl: langfuse.baseUrl,
      authorization: basicAuthorization(publicKey, secretKey),
    }),
    isChosen: () => sample,
    onVerified: (each) => verified.push(each),
    clock: systemClock,
    times: { ...quick, ...times },
  })
  const settings = {
    environment: 'test',
    release: undefined,
    spans: true,
    callerFields: new Set<never>(),
    fillCallerTraces: true,
    maxCharacters: 100_000,
  }
  const target = { baseUrl: langfuse.baseUrl, publicKey, secretKey, clock: systemClock, settings }
  const sink = langfuseSink(target, 'auto', () => undefined, undefined, verification)
  void verification.start?.()
  onTestFinished(async () => {
    await verification.stop?.(never)
    await langfuse.close()
  })
  return { langfuse, verified, verification, send: sink.send }
}

const reads = (langfuse: FakeLangfuse): number =>
  langfuse.requests().filter(({ path }) => path.endsWith('/observations')).length

test.each<Mode>(['v4', 'v4-dual', 'v3', 'v3.20', 'v2'])(
  'what was delivered to %s is found there',
  async (mode) => {
    const { verified, send } = await start(mode)
    const record = aRecord()
    await send([record], never)
    await until(() => verified.length === 1)
    expect(verified).toEqual([{ outcome: 'found', traceId: record.trace.traceId }])
  },
)

test('a server that writes late is asked again until it shows the record', async () => {
  const { langfuse, verified, send } = await start('v4', { waitsMs: Array<number>(10_000).fill(1) })
  langfuse.showAfter(1e9)
  await send([aRecord()], never)
  await until(() => reads(langfuse) > 4)
  expect(verified).toEqual([])
  langfuse.showAfter(0)
  await until(() => verified.length === 1)
  expect(verified[0]?.outcome).toBe('found')
})

test('what a server answered 200 to and lost is missing, after the last look', async () => {
  const { langfuse, verified, send } = await start('v4')
  langfuse.refuseContaining('"traceId"', 200)
  expect(await send([aRecord()], never)).toEqual([{ ok: true }])
  await until(() => verified.length === 1)
  expect(verified[0]?.outcome).toBe('missing')
})

test('what shows something else than was sent is different, and it is said in what', async () => {
  const { langfuse, verified, send } = await start('v4')
  const record = aRecord()
  langfuse.failNextRead(
    {
      kind: 'response',
      status: 200,
      body: {
        data: [
          {
            id: record.trace.spanId,
            startTime: new Date(record.times.startedAt).toISOString(),
            input: '',
            output: 'x',
          },
        ],
      },
    },
    100,
  )
  await send([record], never)
  await until(() => verified.length === 1)
  expect(verified[0]).toMatchObject({ outcome: 'different', fields: ['input', 'usage'] })
})

test('a server that cannot be asked says nothing of the record', async () => {
  const { langfuse, verified, send } = await start('v4')
  langfuse.failNextRead({ kind: 'reset' }, 100)
  await send([aRecord()], never)
  await until(() => verified.length === 1)
  expect(verified[0]?.outcome).toBe('unreadable')
})

test('an answer of 429 makes it wait as long as it says', async () => {
  const { langfuse, verified, send } = await start('v2', { waitsMs: [1, 1] })
  langfuse.failNextRead({ kind: 'response', status: 429, headers: { 'retry-after': '1' } })
  const before = performance.now()
  await send([aRecord()], never)
  await until(() => verified.length === 1)
  expect(verified[0]?.outcome).toBe('found')
  expect(performance.now() - before).toBeGreaterThanOrEqual(990)
})

test('beyond its limit records are skipped, and nothing that delivers waits', async () => {
  const { langfuse, verified, send } = await start('v4', { waitsMs: [60_000], maxWaiting: 2 })
  const verdicts = await send(
    [1, 2, 3].map((at) => withSpan(`${at}`)),
    never,
  )
  expect(verdicts).toEqual([{ ok: true }, { ok: true }, { ok: true }])
  expect(verified.map(({ outcome }) => outcome)).toEqual(['skipped'])
  expect(reads(langfuse)).toBe(0)
})

test('what was not read when the process stops is counted as skipped', async () => {
  const { verified, verification, send } = await start('v4', { waitsMs: [60_000] })
  await send([aRecord()], never)
  await verification.stop?.(never)
  expect(verified).toMatchObject([{ outcome: 'skipped', reason: 'stopped' }])
})

test('what is not in the sample, and what was not delivered, is not read', async () => {
  const outside = await start('v4', {}, false)
  await outside.send([aRecord()], never)
  const refused = await start('v4')
  refused.langfuse.failNext({ kind: 'response', status: 503 })
  await refused.send([aRecord()], never)
  await refused.send([withSpan('5')], never)
  await until(() => refused.verified.length === 1)
  expect(reads(outside.langfuse)).toBe(0)
  expect(refused.verified[0]?.outcome).toBe('found')
})

function withSpan(digit: string) {
  const record = aRecord()
  return { ...record, trace: { ...record.trace, spanId: digit.repeat(16) } }
}
