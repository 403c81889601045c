import { expect, onTestFinished, test } from 'vitest'
import { comparableFields } from '../../proxy/observe/testing/comparable-fields.ts'
import { expectedFields } from '../../proxy/observe/testing/expected-fields.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import {
  type CorpusCase,
  corpusCases,
  corpusMissing,
  expectedOf,
  headersOf,
  requestOf,
  responseOf,
} from '../../shared/testing/corpus.ts'
import { startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { type Split, split } from '../../shared/testing/split.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { type RunningProcess, run } from '../testing/processes.ts'

// Every recorded exchange through a real process: the client's response, and the record of the call.

const paths: Readonly<Record<string, string>> = {
  chat: '/chat/completions',
  'audio.speech': '/audio/speech',
  'audio.transcriptions': '/audio/transcriptions',
  'audio.translations': '/audio/translations',
  images: '/images/generations',
}
const pathOf = ({ meta }: CorpusCase): string => paths[meta.endpoint] ?? `/${meta.endpoint.replace('.', '/')}`

const cases = corpusCases()
const splits: readonly Split[] = ['event', 'whole', 'line', { seed: 3 }]

if (corpusMissing !== undefined) test.skip(corpusMissing, () => {})

/** One character per byte. */
const textOf = (one: CorpusCase): string => responseOf(one).toString('latin1')

/** An upstream that responds with the case named in `x-case`, split as `x-split` says. */
async function startReplay() {
  const byName = new Map(cases.map((one) => [one.name, one]))
  return startFakeUpstream(async ({ headers }, outgoing) => {
    const one = byName.get(String(headers['x-case']))
    if (one === undefined) return void outgoing.writeHead(599).end()
    outgoing.writeHead(one.meta.status, replayableHeaders(one))
    for (const part of split(responseOf(one), JSON.parse(String(headers['x-split'])))) {
      outgoing.write(part)
      await new Promise(setImmediate)
    }
    outgoing.end()
  })
}

/** Omits headers that Node writes itself or that do not apply to the stored body, which is decoded. */
function replayableHeaders(one: CorpusCase): Record<string, string> {
  const omitted = [
    'content-length',
    'content-encoding',
    'transfer-encoding',
    'connection',
    'keep-alive',
    'trailer',
  ]
  const isReplayable = ([name, value]: [string, string]) =>
    !omitted.includes(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
  return Object.fromEntries(Object.entries(headersOf(one)).filter(isReplayable))
}

type ClientResponse = { readonly callId: string; readonly status: number; readonly body: string }

async function call(
  proxy: RunningProcess,
  one: CorpusCase,
  splitBy: Split,
  request: unknown,
): Promise<ClientResponse> {
  const response = await fetch(`${proxy.baseUrl}${pathOf(one)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-case': one.name, 'x-split': JSON.stringify(splitBy) },
    body: JSON.stringify(request ?? {}),
  })
  const body = Buffer.from(await response.arrayBuffer()).toString('latin1')
  return { callId: response.headers.get('x-call-id') ?? '', status: response.status, body }
}

/** The recorded bytes without usage-only events, recognised independently of the proxy's code. */
function withoutUsageFrames(text: string): string {
  const events = text.split(/(?<=\r\n\r\n|\n\n|\r\r)/)
  return events.filter((event) => !/"choices":\s*\[\s*\].*"usage":\s*\{/s.test(event)).join('')
}

/** The recorded request with usage requested by the client, so that the proxy injects nothing. */
function requestingUsage(request: unknown): unknown {
  return { ...(request as object), stream_options: { include_usage: true } }
}

/** The recorded request as a stream without usage requested. */
function notRequestingUsage(request: unknown): unknown {
  return { ...(request as object), stream: true, stream_options: undefined }
}

async function startProxy(): Promise<RunningProcess> {
  const upstream = await startReplay()
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return run('start', { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
}

async function recordOf(proxy: RunningProcess, { callId }: ClientResponse): Promise<InferenceRecord> {
  return proxy.getJson(`/api/calls/${callId}`)
}

/** Split byte by byte, only the smallest of each dialect. */
const small = [...new Set(cases.map(({ meta }) => meta.dialect))].flatMap((dialect) =>
  cases
    .filter(({ meta }) => meta.dialect === dialect)
    .sort((a, b) => responseOf(a).length - responseOf(b).length)
    .slice(0, 5),
)
const variants = [...splits, 'byte' as const].map(
  (how) => [JSON.stringify(how), how, how === 'byte' ? small : cases] as const,
)

test.skipIf(corpusMissing).each(variants)(
  'every response reaches the client unchanged and is recorded as expected, split by %s',
  async (_, how, chosen) => {
    const proxy = await startProxy()
    const responses = new Map<CorpusCase, ClientResponse>()
    for (const one of chosen) responses.set(one, await call(proxy, one, how, requestingUsage(requestOf(one))))
    for (const [one, { status, body }] of responses) {
      expect([one.name, status, body]).toEqual([one.name, one.meta.status, textOf(one)])
    }
    await proxy.waitForLedger(({ accepted, delivered }) => accepted === delivered)
    for (const [one, response] of responses) {
      if (expectedOf(one) === undefined) continue
      const actual = comparableFields(await recordOf(proxy, response))
      const expected = expectedFields(one)
      const compared = Object.fromEntries(Object.keys(expected).map((field) => [field, actual[field]]))
      expect([one.name, compared]).toEqual([one.name, expected])
    }
    expect(await proxy.stop()).toBe(0)
  },
)

test.skipIf(corpusMissing).each(variants)(
  'a client that did not request usage gets chat streams without usage frames, and the record has it, split by %s',
  async (_, how, chosen) => {
    const proxy = await startProxy()
    const streams = chosen.filter(
      ({ meta }) => meta.endpoint === 'chat' && meta.stream && meta.status === 200,
    )
    const responses = new Map<CorpusCase, ClientResponse>()
    for (const one of streams)
      responses.set(one, await call(proxy, one, how, notRequestingUsage(requestOf(one))))
    for (const [one, { body }] of responses) {
      expect([one.name, body]).toEqual([one.name, withoutUsageFrames(textOf(one))])
    }
    await proxy.waitForLedger(({ accepted, delivered }) => accepted === delivered)
    for (const [one, response] of responses) {
      const { usage } = await recordOf(proxy, response)
      const hasUsage = Boolean(expectedOf(one)?.usage)
      expect([one.name, usage.provenance === 'provider']).toEqual([one.name, hasUsage])
    }
    expect(streams.length).toBeGreaterThan(how === 'byte' ? 20 : 100)
  },
)
