import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { sendRequest } from '../../proxy/testing/lend.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { type CorpusCase, corpusCases, corpusMissing, responseOf } from '../../shared/testing/corpus.ts'
import { type EncodingName, encodings } from '../../shared/testing/encoded.ts'
import {
  type Answer,
  answerJson,
  type FakeUpstream,
  startFakeUpstream,
} from '../../shared/testing/fake-upstream.ts'
import { split } from '../../shared/testing/split.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { type RunningProcess, run } from '../testing/processes.ts'

// Recorded exchanges through a real process, compared as bytes: compressed responses, and upstream requests.

const cases = corpusCases()

if (corpusMissing !== undefined) test.skip(corpusMissing, () => {})

/** The first stream and the first plain response of each dialect. */
const sample = cases.filter(
  ({ meta, name }) =>
    cases.find((one) => one.meta.dialect === meta.dialect && one.meta.stream === meta.stream)?.name === name,
)

async function startProxy(answer: Answer): Promise<{ upstream: FakeUpstream; proxy: RunningProcess }> {
  const upstream = await startFakeUpstream(answer)
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const proxy = await run('start', { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
  return { upstream, proxy }
}

/** Responds with the case, encoding and framing (length or chunks) that the request's headers name. */
const replay: Answer = async ({ headers }, outgoing) => {
  const one = cases.find(({ name }) => name === headers['x-case']) as CorpusCase
  const { coding, encode } = encodings[headers['x-encoding'] as EncodingName]
  const body = encode(responseOf(one))
  outgoing.writeHead(one.meta.status, {
    'content-type': one.meta.stream ? 'text/event-stream' : 'application/json',
    'content-encoding': coding,
    ...omitUndefined({ 'content-length': headers['x-length'] === 'known' ? body.length : undefined }),
  })
  for (const part of split(body, { seed: 7 })) {
    outgoing.write(part)
    await new Promise(setImmediate)
  }
  outgoing.end()
}

const variants = Object.keys(encodings).flatMap((name) =>
  ['known', 'unknown'].map((length) => [name as EncodingName, length] as const),
)

test.skipIf(corpusMissing).each(variants)(
  'responses of every dialect in %s, length %s, reach a client that requested usage unchanged',
  async (encoding, length) => {
    const { proxy } = await startProxy(replay)
    for (const one of sample) {
      const incoming = await sendRequest(
        `${proxy.baseUrl}/chat/completions`,
        { method: 'POST', headers: { 'x-case': one.name, 'x-encoding': encoding, 'x-length': length } },
        '{"stream":true,"stream_options":{"include_usage":true}}',
      )
      const { coding, encode } = encodings[encoding]
      const sent = encode(responseOf(one))
      const received = await buffer(incoming)
      expect([one.name, incoming.statusCode, received.equals(sent)]).toEqual([
        one.name,
        one.meta.status,
        true,
      ])
      expect(incoming.headers['content-encoding']).toBe(coding)
      expect(incoming.headers['content-length']).toBe(length === 'known' ? String(sent.length) : undefined)
    }
    expect(sample.length).toBeGreaterThan(30)
  },
)

/** With numbers, member order and white space that parsing and serialising would not preserve. */
function asWritten({ folder }: CorpusCase): string {
  const text = readFileSync(join(folder, 'request.json'), 'utf8')
  return text.replace('{', '{ "seed": 15092511270073158000,\t"top_p": 1.0e+0,\r\n "stream" : true ,')
}

test.skipIf(corpusMissing)(
  'every recorded request reaches the upstream as the client wrote it, except for injected stream_options',
  async () => {
    const { upstream, proxy } = await startProxy(answerJson({}))
    const requests = cases.filter(({ folder }) => existsSync(join(folder, 'request.json'))).map(asWritten)
    for (const path of ['/chat/completions', '/responses']) {
      for (const text of requests) {
        const incoming = await sendRequest(`${proxy.baseUrl}${path}`, { method: 'POST' }, text)
        await buffer(incoming)
        const received = upstream.requests.splice(0)[0]?.body.toString() ?? ''
        const injected =
          received === text ? '' : /"stream_options":\{"include_usage":true\},|"include_usage":true,?/
        expect(received.replace(injected, '')).toBe(text)
        if (path === '/responses') expect(received).toBe(text)
      }
    }
    expect(requests.length).toBeGreaterThan(100)
  },
)
