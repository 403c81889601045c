import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { answerJson } from '../../shared/testing/fake-upstream.ts'
import { lendRawUpstream } from '../../shared/testing/raw-upstream.ts'
import { split } from '../../shared/testing/split.ts'
import { boundary, formBytes, formType } from '../observe/testing/form.ts'
import { lend, lendProxy, sendRequest } from '../testing/lend.ts'
import type { RunningProxy } from '../testing/running-proxy.ts'

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

const sound = randomBytes(100_000)
const speech = { name: 'file', filename: 'speech.mp3', type: 'audio/mpeg', body: sound }
const transcription = formBytes(
  { name: 'model', body: 'whisper-1' },
  { name: 'prompt', body: 'A lesson about größere numbers' },
  speech,
  { name: 'temperature', body: '0.2' },
)
const described = { filename: 'speech.mp3', mediaType: 'audio/mpeg', bytes: 100_000, sha256: sha256(sound) }

const headers = { 'content-type': formType }
const post = (proxy: RunningProxy, body: Buffer, more: Readonly<Record<string, string>> = {}) =>
  sendRequest(
    `${proxy.baseUrl}/audio/transcriptions`,
    { method: 'POST', headers: { ...headers, 'content-length': body.length, ...more } },
    body,
  ).then((answer) => answer.resume())

const answerText = answerJson({ text: 'Hello.' })

// What the SDK sends

const clientOf = (proxy: RunningProxy) => new OpenAI({ baseURL: proxy.baseUrl, apiKey: 'k', maxRetries: 0 })

test('a transcription is recorded with its model, its settings and its file', async () => {
  const { upstream, proxy } = await lend(answerText)
  const answer = await clientOf(proxy).audio.transcriptions.create({
    file: new File([sound], 'speech.mp3', { type: 'audio/mpeg' }),
    model: 'gpt-4o-transcribe',
    language: 'en',
    temperature: 0.5,
    prompt: 'Lesson 4',
    include: ['logprobs'],
    stream: false,
  })
  expect(answer.text).toBe('Hello.')
  const record = await proxy.record(1)
  expect(record).toMatchObject({
    operation: 'audio',
    request: {
      model: 'gpt-4o-transcribe',
      stream: false,
      parameters: { language: 'en', temperature: 0.5 },
      bodyBytes: upstream.requests[0]?.body.length,
    },
    output: { kind: 'text', text: 'Hello.' },
    ending: 'completed',
  })
  expect(record.input).toEqual({
    file: described,
    model: 'gpt-4o-transcribe',
    language: 'en',
    temperature: 0.5,
    prompt: 'Lesson 4',
    include: ['logprobs'],
    stream: false,
  })
  expect(await proxy.registry.getSingleMetricAsString('gen_ai_client_inference_duration_seconds')).toContain(
    'gen_ai_request_model="gpt-4o-transcribe"',
  )
})

test('a streamed transcription is recorded as a stream', async () => {
  const { proxy } = await lend((_request, outgoing) => {
    const events = [
      { type: 'transcript.text.delta', delta: 'Hello.' },
      { type: 'transcript.text.done', text: 'Hello.' },
    ]
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
  })
  const stream = await clientOf(proxy).audio.transcriptions.create({
    file: new File([sound], 'speech.mp3'),
    model: 'gpt-4o-transcribe',
    stream: true,
  })
  for await (const _event of stream);
  expect(await proxy.record(1)).toMatchObject({ request: { stream: true }, ending: 'completed' })
})

test('an image edit is recorded with its prompt and a description of each image', async () => {
  const { proxy } = await lend(answerJson({ created: 1, data: [{ b64_json: 'AAAA' }] }))
  const [cat, hat] = [randomBytes(2_000), randomBytes(3_000)]
  await clientOf(proxy).images.edit({
    image: [new File([cat], 'cat.png', { type: 'image/png' }), new File([hat], 'hat.png')],
    prompt: 'Put the hat on the cat',
    model: 'gpt-image-1',
    n: 2,
    size: '1024x1024',
    output_compression: 50,
    user: 'u-1',
  })
  const picture = (filename: string, mediaType: string, bytes: Buffer) => ({
    filename,
    mediaType,
    bytes: bytes.length,
    sha256: sha256(bytes),
  })
  const parameters = { n: 2, size: '1024x1024', output_compression: 50 }
  const record = await proxy.record(1)
  expect(record).toMatchObject({ operation: 'image', request: { model: 'gpt-image-1', parameters } })
  expect(record.input).toEqual({
    image: [picture('cat.png', 'image/png', cat), picture('hat.png', 'application/octet-stream', hat)],
    prompt: 'Put the hat on the cat',
    model: 'gpt-image-1',
    ...parameters,
  })
})

test('an uploaded file is recorded with its purpose', async () => {
  const { proxy } = await lend(answerJson({ id: 'file-1', object: 'file' }))
  const lines = '{"custom_id":"secret"}\n'
  await clientOf(proxy).files.create({ file: new File([lines], 'lines.jsonl'), purpose: 'batch' })
  const record = await proxy.record(1)
  expect(record).toMatchObject({
    operation: 'relay',
    input: {
      purpose: 'batch',
      file: { filename: 'lines.jsonl', bytes: lines.length, sha256: sha256(lines) },
    },
  })
  expect(JSON.stringify(record.input)).not.toContain('custom_id')
})

// Forwarding

test.each(['whole', 'line', { seed: 7 }] as const)(
  'a form chunked by %j reaches the upstream byte for byte',
  async (how) => {
    const { upstream, proxy } = await lend(answerText)
    const outgoing = httpRequest(`${proxy.baseUrl}/audio/transcriptions`, {
      agent: false,
      method: 'POST',
      headers,
    })
    outgoing.on('response', (answer) => answer.resume())
    for (const chunk of split(transcription, how)) {
      outgoing.write(chunk)
      await new Promise((resolve) => setImmediate(resolve))
    }
    outgoing.end()
    const record = await proxy.record(1)
    expect(upstream.requests[0]?.body.equals(transcription)).toBe(true)
    expect(upstream.requests[0]?.headers).toMatchObject({ ...headers, 'transfer-encoding': 'chunked' })
    expect(record.input).toEqual({
      model: 'whisper-1',
      prompt: 'A lesson about größere numbers',
      file: described,
      temperature: 0.2,
    })
    expect(record.request.bodyBytes).toBe(transcription.length)
  },
)

test.each<[string, Buffer, string]>([
  ['that is JSON', Buffer.from('{"model":"whisper-1"}'), formType],
  ['without a boundary in its type', transcription, 'multipart/form-data'],
  ['of another boundary', transcription, `${formType}-other`],
  ['without its end', transcription.subarray(0, -30), formType],
  ['with a header that never ends', Buffer.from(`--${boundary}\r\n${'x'.repeat(100_000)}`), formType],
  ['of random bytes', randomBytes(50_000), formType],
])('a form %s reaches the upstream byte for byte, and nothing fails', async (_, body, type) => {
  const { upstream, proxy } = await lend(answerText)
  const answer = await post(proxy, body, { 'content-type': type })
  expect(answer.statusCode).toBe(200)
  await proxy.record(1)
  expect(upstream.requests[0]?.body.equals(body)).toBe(true)
  expect(await failures(proxy)).toBe(0)
})

test('a compressed form passes through unread', async () => {
  const { upstream, proxy } = await lend(answerText)
  const body = gzipSync(transcription)
  await post(proxy, body, { 'content-encoding': 'gzip' })
  const record = await proxy.record(1)
  expect(upstream.requests[0]?.body.equals(body)).toBe(true)
  expect(record).not.toHaveProperty('input')
  expect(record.request).not.toHaveProperty('model')
})

async function failures(proxy: RunningProxy): Promise<number> {
  const metric = await proxy.registry.getSingleMetric('threadtap_observer_failures_total')?.get()
  return metric?.values[0]?.value ?? 0
}

test('of a client that closes within its form, the part received is recorded', async () => {
  const { proxy } = await lend(answerText)
  const socket = connect(Number(new URL(proxy.origin).port), '127.0.0.1')
  const sent = transcription.subarray(0, transcription.indexOf(sound) + 40_000)
  socket.write(
    `POST /v1/audio/transcriptions HTTP/1.1\r\nhost: x\r\ncontent-type: ${formType}\r\ncontent-length: ${transcription.length}\r\n\r\n`,
  )
  await new Promise<void>((resolve) => socket.write(sent, () => resolve()))
  socket.destroySoon()
  const record = await proxy.record(1)
  expect(record).toMatchObject({ ending: 'client_closed', request: { model: 'whisper-1' } })
  expect(record.input).toMatchObject({
    prompt: 'A lesson about größere numbers',
    file: { filename: 'speech.mp3', mediaType: 'audio/mpeg', cutOff: true },
  })
  expect(record.input).not.toHaveProperty('temperature')
})

test('a large file is measured and hashed while it is relayed', async () => {
  const { upstream, proxy } = await lend(answerText)
  const body = randomBytes(20_000_000)
  await post(proxy, formBytes({ ...speech, body }, { name: 'model', body: 'whisper-1' }))
  const record = await proxy.record(1)
  expect(record).toMatchObject({
    request: { model: 'whisper-1' },
    input: { file: { bytes: 20_000_000, sha256: sha256(body) } },
  })
  expect(upstream.requests[0]?.body.includes(body)).toBe(true)
})

test('an upstream that responds before the form has ended is recorded with the part received until then', async () => {
  const upstream = await lendRawUpstream((_head, socket) => {
    socket.end('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  })
  const proxy = await lendProxy(upstream.origin)
  const outgoing = httpRequest(`${proxy.baseUrl}/audio/transcriptions`, {
    agent: false,
    method: 'POST',
    headers,
  })
  outgoing.on('error', () => undefined)
  outgoing.write(transcription.subarray(0, 50_000))
  const [answer] = await once(outgoing, 'response')
  expect(answer.statusCode).toBe(413)
  answer.resume()
  outgoing.end(transcription.subarray(50_000))
  expect(await proxy.record(1)).toMatchObject({ request: { model: 'whisper-1' }, response: { status: 413 } })
  expect(await failures(proxy)).toBe(0)
})

// Settings

const recordedWith = async (env: Readonly<Record<string, string>>): Promise<InferenceRecord> => {
  const { proxy } = await lend(answerText, env)
  await post(proxy, transcription)
  return proxy.record(1)
}

test('CAPTURE_CONTENT=lengths records the lengths of the texts', async () => {
  expect(await recordedWith({ CAPTURE_CONTENT: 'lengths' })).toMatchObject({
    request: { model: 'whisper-1', parameters: { temperature: 0.2 } },
    input: { prompt: '[30 characters]', file: { ...described, filename: '[10 characters]' } },
  })
})

test('CAPTURE_CONTENT=none records model and settings only', async () => {
  const record = await recordedWith({ CAPTURE_CONTENT: 'none' })
  expect(record.request).toMatchObject({ model: 'whisper-1', parameters: { temperature: 0.2 } })
  expect(record).not.toHaveProperty('input')
})

test('CAPTURE_MAX_BYTES limits all fields together', async () => {
  expect(await recordedWith({ CAPTURE_MAX_BYTES: '20' })).toMatchObject({
    request: { model: 'whisper-1', parameters: { temperature: 0.2 } },
    input: { prompt: 'A lesson  … [21 more characters]', '…': '[2 more fields]' },
  })
})
