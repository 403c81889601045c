import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { sendRequest } from '../../proxy/testing/lend.ts'
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

// Recorded exchanges through a real process, looked at as bytes: compressed answers, and what the upstream gets.

const cases = corpusCases()

if (corpusMissing !== undefined) test.skip(corpusMissing, () => {})

/** Of each dialect the first stream and the first plain answer. */
const sample = cases.filter(
  ({ meta, name }) =>
    cases.find((one) => one.meta.dialect === meta.dialect && one.meta.stream === meta.stream)?.name === name,
)

async function lendProxy(answer: Answer): Promise<{ upstream: FakeUpstream; proxy: RunningProcess }> {
  const upstream = await startFakeUpstream(answer)
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const proxy = await run('start', { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
  return { upstream, proxy }
}

/** Answers with the case, in the coding, with a length or in chunks, as the request's headers say. */
const replay: Answer = async ({ headers }, outgoing) => {
  const one = cases.find(({ name }) => name === headers['x-case']) as CorpusCase
  const { coding, encode } = encodings[headers['x-encoding'] as EncodingName]
  const body = encode(responseOf(one))
  outgoing.writeHead(one.meta.status, {
    'content-type': one.meta.stream ? 'text/event-stream' : 'application/json',
    'content-encoding': coding,
    ...(headers['x-length'] === 'known' ? { 'content-length': body.length } : {}),
  })
  for (const part of split(body, { seed: 7 })) {
    outgoing.write(part)
    await new Promise(setImmediate)
  }
  outgoing.end()
}

const ways = Object.keys(encodings).flatMap((name) =>
  ['known', 'unknown'].map((length) => [name as EncodingName, length] as const),
)

test.skipIf(corpusMissing).each(ways)(
  'answers of every dialect in %s, their length %s, reach a client that asked for usage as they were sent',
  async (encoding, length) => {
    const { proxy } = await lendProxy(replay)
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

/** As a client could have written it: with numbers, order and white space that no parser would give back. */
function asWritten({ folder }: CorpusCase): string {
  const text = readFileSync(join(folder, 'request.json'), 'utf8')
  return text.replace('{', '{ "seed": 15092511270073158000,\t"top_p": 1.0e+0,\r\n "stream" : true ,')
}

test.skipIf(corpusMissing)(
  'every recorded request reaches the upstream as the client wrote it, but for the asking for usage',
  async () => {
    const { upstream, proxy } = await lendProxy(answerJson({}))
    const requests = cases.filter(({ folder }) => existsSync(join(folder, 'request.json'))).map(asWritten)
    for (const path of ['/chat/completions', '/responses']) {
      for (const text of requests) {
        const incoming = await sendRequest(`${proxy.baseUrl}${path}`, { method: 'POST' }, text)
        await buffer(incoming)
        const received = upstream.requests.splice(0)[0]?.body.toString() ?? ''
        const asking =
          received === text ? '' : /"stream_options":\{"include_usage":true\},|"include_usage":true,?/
        expect(received.replace(asking, '')).toBe(text)
        if (path === '/responses') expect(received).toBe(text)
      }
    }
    expect(requests.length).toBeGreaterThan(100)
  },
)
