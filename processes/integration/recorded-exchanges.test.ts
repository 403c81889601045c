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

// Every recorded exchange, through a real process: what the client gets, and what is recorded of it.

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

/** An upstream that answers with the case that the request names, cut as it asks. */
async function startReplay() {
  const byName = new Map(cases.map((one) => [one.name, one]))
  return startFakeUpstream(async ({ headers }, outgoing) => {
    const one = byName.get(String(headers['x-case']))
    if (one === undefined) return void outgoing.writeHead(599).end()
    outgoing.writeHead(one.meta.status, extraHeaders(one))
    for (const part of split(responseOf(one), JSON.parse(String(headers['x-split'])))) {
      outgoing.write(part)
      await new Promise(setImmediate)
    }
    outgoing.end()
  })
}

/** What Node writes itself, and what a stored body no longer is, are left out. */
function extraHeaders(one: CorpusCase): Record<string, string> {
  const own = [
    'content-length',
    'content-encoding',
    'transfer-encoding',
    'connection',
    'keep-alive',
    'trailer',
  ]
  const legal = ([name, value]: [string, string]) =>
    !own.includes(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
  return Object.fromEntries(Object.entries(headersOf(one)).filter(legal))
}

type Answered = { readonly callId: string; readonly status: number; readonly body: string }

async function ask(proxy: RunningProcess, one: CorpusCase, how: Split, request: unknown): Promise<Answered> {
  const answer = await fetch(`${proxy.baseUrl}${pathOf(one)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-case': one.name, 'x-split': JSON.stringify(how) },
    body: JSON.stringify(request ?? {}),
  })
  const body = Buffer.from(await answer.arrayBuffer()).toString('latin1')
  return { callId: answer.headers.get('x-call-id') ?? '', status: answer.status, body }
}

/** The recorded bytes without the events that say nothing but usage; told apart without the proxy's code. */
function withoutUsageFrames(text: string): string {
  const events = text.split(/(?<=\r\n\r\n|\n\n|\r\r)/)
  return events.filter((event) => !/"choices":\s*\[\s*\].*"usage":\s*\{/s.test(event)).join('')
}

/** The recorded request as a client would send it that asks for usage, so that we need not. */
function asking(request: unknown): unknown {
  return { ...(request as object), stream_options: { include_usage: true } }
}

/** The same for one that does not ask. */
function notAsking(request: unknown): unknown {
  return { ...(request as object), stream: true, stream_options: undefined }
}

async function lendProxy(): Promise<RunningProcess> {
  const upstream = await startReplay()
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return run('start', { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
}

async function recordOf(proxy: RunningProcess, { callId }: Answered): Promise<InferenceRecord> {
  return proxy.look(`/api/calls/${callId}`)
}

/** Byte by byte only the smallest of each dialect. */
const small = [...new Set(cases.map(({ meta }) => meta.dialect))].flatMap((dialect) =>
  cases
    .filter(({ meta }) => meta.dialect === dialect)
    .sort((a, b) => responseOf(a).length - responseOf(b).length)
    .slice(0, 5),
)
const ways = [...splits, 'byte' as const].map(
  (how) => [JSON.stringify(how), how, how === 'byte' ? small : cases] as const,
)

test.skipIf(corpusMissing).each(ways)(
  'every answer reaches the client as recorded and is recorded as expected, cut as %s',
  async (_, how, chosen) => {
    const proxy = await lendProxy()
    const answered = new Map<CorpusCase, Answered>()
    for (const one of chosen) answered.set(one, await ask(proxy, one, how, asking(requestOf(one))))
    for (const [one, { status, body }] of answered) {
      expect([one.name, status, body]).toEqual([one.name, one.meta.status, textOf(one)])
    }
    await proxy.ledgerWhere(({ accepted, delivered }) => accepted === delivered)
    for (const [one, answer] of answered) {
      if (expectedOf(one) === undefined) continue
      const seen = comparableFields(await recordOf(proxy, answer))
      const wanted = expectedFields(one)
      const compared = Object.fromEntries(Object.keys(wanted).map((field) => [field, seen[field]]))
      expect([one.name, compared]).toEqual([one.name, wanted])
    }
    expect(await proxy.stop()).toBe(0)
  },
)

test.skipIf(corpusMissing).each(ways)(
  'who does not ask for usage gets chat streams without its frames, and they are recorded with it, cut as %s',
  async (_, how, chosen) => {
    const proxy = await lendProxy()
    const streams = chosen.filter(
      ({ meta }) => meta.endpoint === 'chat' && meta.stream && meta.status === 200,
    )
    const answered = new Map<CorpusCase, Answered>()
    for (const one of streams) answered.set(one, await ask(proxy, one, how, notAsking(requestOf(one))))
    for (const [one, { body }] of answered) {
      expect([one.name, body]).toEqual([one.name, withoutUsageFrames(textOf(one))])
    }
    await proxy.ledgerWhere(({ accepted, delivered }) => accepted === delivered)
    for (const [one, answer] of answered) {
      const { usage } = await recordOf(proxy, answer)
      const told = Boolean(expectedOf(one)?.usage)
      expect([one.name, usage.provenance === 'provider']).toEqual([one.name, told])
    }
    expect(streams.length).toBeGreaterThan(how === 'byte' ? 20 : 100)
  },
)
