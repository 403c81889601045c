import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Json } from '../../shared/json.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Answer } from '../../shared/testing/fake-upstream.ts'
import { formBytes, formType } from '../observe/testing/form.ts'
import { lend } from '../testing/lend.ts'

// What becomes of the bytes of media on their way into a record (CAPTURE_MEDIA=upload).

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(3_000)])
const wav = Buffer.concat([Buffer.from('RIFF0000WAVE'), randomBytes(3_000)])
const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(3_000)])
const note = (type: string, bytes: Buffer) => `[${type}, ${bytes.length} bytes, sha256 ${sha256(bytes)}]`
const dataUri = (type: string, bytes: Buffer) => `data:${type};base64,${bytes.toString('base64')}`

const upload = { CAPTURE_MEDIA: 'upload' }
const jsonAnswer =
  (body: Json): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
const eventsAnswer =
  (...events: readonly Json[]): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`)
    response.end('data: [DONE]\n\n')
  }

type Call = {
  readonly path: string
  readonly body: Json
  readonly answer?: Answer
  readonly env?: Record<string, string>
}

async function recorded({ path, body, answer = jsonAnswer({}), env = upload }: Call) {
  const { proxy } = await lend(answer, env)
  const response = await fetch(`${proxy.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const received = await response.text()
  return { record: await proxy.record(1), media: proxy.media, proxy, received }
}

const described = ({ media = [] }: InferenceRecord) =>
  media.map(({ field, mediaType, sha256: hash }) => [field, mediaType, hash])

const chat = (content: Json): Call => ({
  path: '/v1/chat/completions',
  body: { model: 'm', messages: [{ role: 'user', content }] },
})

test.each<[of: string, call: Call, mediaType: string, bytes: Buffer]>([
  [
    'a data URI of a chat',
    chat([{ type: 'image_url', image_url: { url: dataUri('image/png', png) } }]),
    'image/png',
    png,
  ],
  [
    'sound of a chat',
    chat([{ type: 'input_audio', input_audio: { data: wav.toString('base64'), format: 'wav' } }]),
    'audio/wav',
    wav,
  ],
  [
    'a file of a chat',
    chat([{ type: 'file', file: { filename: 'a.pdf', file_data: dataUri('application/pdf', pdf) } }]),
    'application/pdf',
    pdf,
  ],
  ['a picture inside a text', chat(`See ![it](${dataUri('image/png', png)})`), 'image/png', png],
  [
    'a picture of the Responses API',
    {
      path: '/v1/responses',
      body: {
        model: 'm',
        input: [{ role: 'user', content: [{ type: 'input_image', image_url: dataUri('image/png', png) }] }],
      },
    },
    'image/png',
    png,
  ],
  [
    'a file of the Responses API',
    {
      path: '/v1/responses',
      body: {
        model: 'm',
        input: [
          { role: 'user', content: [{ type: 'input_file', file_data: dataUri('application/pdf', pdf) }] },
        ],
      },
    },
    'application/pdf',
    pdf,
  ],
  [
    "a picture of Anthropic's API",
    {
      path: '/v1/messages',
      body: {
        model: 'm',
        messages: [
          {
            role: 'user',
            content: [
              {
                type: 'image',
                source: { type: 'base64', media_type: 'image/png', data: png.toString('base64') },
              },
            ],
          },
        ],
      },
    },
    'image/png',
    png,
  ],
])('keeps %s, and its note in the record', async (_of, call, mediaType, bytes) => {
  const { record, media } = await recorded(call)
  expect(described(record)).toEqual([['input', mediaType, sha256(bytes)]])
  expect(media.get(sha256(bytes))).toEqual(bytes)
  expect(JSON.stringify(record.input)).toContain(`${bytes.length} bytes, sha256 ${sha256(bytes)}]`)
  expect(JSON.stringify(record.input).length).toBeLessThan(1_000)
})

test('keeps the picture of an image generation', async () => {
  const answer = jsonAnswer({ created: 1, data: [{ b64_json: png.toString('base64') }] })
  const { record, media } = await recorded({
    path: '/v1/images/generations',
    body: { model: 'm', prompt: 'a cat' },
    answer,
  })
  expect(described(record)).toEqual([['output', 'image/png', sha256(png)]])
  expect(media.get(sha256(png))).toEqual(png)
  expect(record.output).toMatchObject({
    kind: 'images',
    pictures: [{ bytes: png.length, sha256: sha256(png) }],
  })
})

test('keeps the picture of an image generation of the Responses API, streamed and plain', async () => {
  const large = Buffer.concat([png, randomBytes(1_500_000)])
  const item = {
    type: 'image_generation_call',
    id: 'ig_1',
    status: 'completed',
    result: large.toString('base64'),
  }
  const response = { id: 'resp_1', object: 'response', status: 'completed', output: [item] }
  const done = { type: 'response.output_item.done', output_index: 0, item }
  const answers = [
    jsonAnswer(response),
    eventsAnswer(done, { type: 'response.completed', response }),
    eventsAnswer(done),
  ]
  for (const answer of answers) {
    const { record, media } = await recorded({
      path: '/v1/responses',
      body: { model: 'm', input: 'a cat' },
      answer,
    })
    expect(described(record)).toEqual([['output', 'image/png', sha256(large)]])
    expect(media.get(sha256(large))?.equals(large)).toBe(true)
    expect(record.output).toMatchObject({ items: [{ result: note('base64', large) }] })
  }
})

test('keeps a picture beside the text of an answer', async () => {
  const large = Buffer.concat([png, randomBytes(1_500_000)])
  const image = { type: 'image_url', image_url: { url: dataUri('image/png', large) } }
  const answer = eventsAnswer(
    { choices: [{ index: 0, delta: { role: 'assistant', content: 'Here.' } }] },
    { choices: [{ index: 0, delta: { images: [image] }, finish_reason: 'stop' }] },
  )
  const { record } = await recorded({ ...chat('a cat'), answer })
  expect(described(record)).toEqual([['output', 'image/png', sha256(large)]])
})

test('keeps the sound of an answer', async () => {
  const audio = { id: 'a', data: wav.toString('base64'), transcript: 'Hello.' }
  const answer = jsonAnswer({
    choices: [{ index: 0, message: { role: 'assistant', content: null, audio }, finish_reason: 'stop' }],
  })
  const { record, media } = await recorded({ ...chat('say hello'), answer })
  expect(described(record)).toEqual([['output', 'audio/wav', sha256(wav)]])
  expect(media.get(sha256(wav))).toEqual(wav)
  expect(record.output).toMatchObject({
    choices: [{ audioTranscript: 'Hello.', audio: note('audio/wav', wav) }],
  })
})

test('keeps the samples of a streamed answer as a file that can be played, wherever its deltas end', async () => {
  const samples = randomBytes(4_801)
  const base64 = samples.toString('base64')
  const deltas = [base64.slice(0, 1_001), base64.slice(1_001, 4_000), base64.slice(4_000)]
  const answer = eventsAnswer(
    ...deltas.map((data) => ({ choices: [{ index: 0, delta: { audio: { data } } }] })),
    { choices: [{ index: 0, delta: { audio: { transcript: 'Hi.' } }, finish_reason: 'stop' }] },
  )
  const { path, body } = chat('say hi')
  const { record, media } = await recorded({
    path,
    body: { ...(body as object), stream: true, audio: { format: 'pcm16', voice: 'alloy' } },
    answer,
  })
  const [medium] = record.media ?? []
  expect(medium).toMatchObject({ field: 'output', mediaType: 'audio/wav', bytes: 44 + samples.length })
  expect(media.get(medium?.sha256 ?? '')?.subarray(44)).toEqual(samples)
  expect(media.get(medium?.sha256 ?? '')?.toString('latin1', 0, 4)).toBe('RIFF')
})

test('keeps generated speech, as a body and as events', async () => {
  const mp3 = Buffer.concat([Buffer.from('ID3'), randomBytes(2_000_000)])
  const body = { model: 'tts', input: 'Hello.', voice: 'alloy' }
  const plain: Answer = (_, response) =>
    void response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(mp3)
  const events = eventsAnswer(
    { type: 'speech.audio.delta', audio: mp3.subarray(0, 900_000).toString('base64') },
    { type: 'speech.audio.delta', audio: mp3.subarray(900_000).toString('base64') },
    { type: 'speech.audio.done' },
  )
  for (const answer of [plain, events]) {
    const { record, media } = await recorded({ path: '/v1/audio/speech', body, answer })
    expect(described(record)).toEqual([['output', 'audio/mpeg', sha256(mp3)]])
    expect(media.get(sha256(mp3))?.equals(mp3)).toBe(true)
    expect(record.output).toMatchObject({ kind: 'media', bytes: mp3.length, sha256: sha256(mp3) })
  }
})

test('keeps the files of a form that a model looks at, and none that is only stored', async () => {
  const { proxy } = await lend(jsonAnswer({}), upload)
  const form = formBytes(
    { name: 'prompt', body: 'a hat' },
    { name: 'image[]', body: png, filename: 'a.png', type: 'image/png' },
    { name: 'mask', body: pdf, filename: 'b', type: 'application/octet-stream' },
  )
  for (const path of ['/v1/images/edits', '/v1/files']) {
    await (
      await fetch(`${proxy.origin}${path}`, {
        method: 'POST',
        headers: { 'content-type': formType },
        body: form,
      })
    ).text()
  }
  const [edit, file] = [await proxy.record(1), await proxy.record(2)]
  expect(described(edit)).toEqual([
    ['input', 'image/png', sha256(png)],
    ['input', 'application/pdf', sha256(pdf)],
  ])
  expect(edit.input).toMatchObject({ image: [{ filename: 'a.png', sha256: sha256(png) }] })
  expect(file.media).toBeUndefined()
})

test('keeps a picture once for each side that has it', async () => {
  const picture = { type: 'image_url', image_url: { url: dataUri('image/png', png) } }
  const answer = jsonAnswer({
    choices: [
      { index: 0, message: { role: 'assistant', content: 'ok', images: [picture] }, finish_reason: 'stop' },
    ],
  })
  const { record } = await recorded({ ...chat([picture, picture]), answer })
  expect(described(record)).toEqual([
    ['input', 'image/png', sha256(png)],
    ['output', 'image/png', sha256(png)],
  ])
})

test.each([
  ['the setting says hash', { CAPTURE_MEDIA: 'hash' }],
  ['content is recorded as lengths', { ...upload, CAPTURE_CONTENT: 'lengths' }],
  ['content is not recorded', { ...upload, CAPTURE_CONTENT: 'none' }],
  ['texts are redacted, as pictures cannot be', { ...upload, REDACT: 'email' }],
  ['the medium is over the limit', { ...upload, MEDIA_MAX_BYTES: '3000' }],
])('keeps no bytes where %s', async (_why, env) => {
  const call = chat([{ type: 'image_url', image_url: { url: dataUri('image/png', png) } }])
  const { record, media } = await recorded({ ...call, env })
  expect(record.media).toBeUndefined()
  expect([...media]).toEqual([])
})

test('the note of a medium over the limit stays, and it is counted', async () => {
  const { record, proxy } = await recorded({
    ...chat([{ type: 'image_url', image_url: { url: dataUri('image/png', png) } }]),
    env: { ...upload, MEDIA_MAX_BYTES: '3000' },
  })
  expect(JSON.stringify(record.input)).toContain(note('image/png', png))
  expect(await proxy.registry.metrics()).toContain('threadtap_media_captured_total{outcome="too_large"} 1')
})

test('the upstream gets the request, and the client the response, byte for byte', async () => {
  const { proxy, upstream } = await lend(jsonAnswer({ data: [{ b64_json: png.toString('base64') }] }), upload)
  const body = JSON.stringify(
    chat([{ type: 'image_url', image_url: { url: dataUri('image/png', png) } }]).body,
  )
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${proxy.origin}/v1/images/generations`, { method: 'POST', headers, body })
  expect(await response.text()).toBe(JSON.stringify({ data: [{ b64_json: png.toString('base64') }] }))
  expect(upstream.requests[0]?.body.toString()).toBe(body)
})
