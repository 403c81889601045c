import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Medium, mediaNote } from '../../../../shared/record/media.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import type { FakeLangfuse } from '../../../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { lendLangfuse } from '../../../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../../../shared/testing/fake-langfuse/modes.ts'
import { tempDir } from '../../../../shared/testing/temp-dir.ts'
import { aRecord } from '../../../testing/records.ts'
import { aPack, createTestPipeline, langfuseSinkTo } from '../../../testing/test-pipeline.ts'
import type { Sink } from '../../sink.ts'
import type { UploadOutcome } from './media-uploads.ts'

const modes: readonly Mode[] = ['v4', 'v4-dual', 'v3', 'v3.20', 'v2']
const signal = new AbortController().signal

type TestMedium = Medium & { readonly body: Buffer; readonly note: string; readonly id: string }

function aMedium(mediaType = 'image/png', field: Medium['field'] = 'input'): TestMedium {
  const body = randomBytes(500)
  const hash = createHash('sha256').update(body)
  const sha256 = hash.copy().digest('hex')
  const id = hash.digest('base64url').slice(0, 22)
  return {
    field,
    mediaType,
    bytes: body.length,
    sha256,
    body,
    note: mediaNote(mediaType, body.length, sha256),
    id,
  }
}

const referenceTo = ({ mediaType, id }: TestMedium) =>
  `@@@langfuseMedia:type=${mediaType}|id=${id}|source=base64_data_uri@@@`

const picture = (url: string) => ({ type: 'image_url', image_url: { url } })

function recordWith(...media: readonly TestMedium[]): InferenceRecord {
  return aRecord({
    input: [
      {
        role: 'user',
        content: [{ type: 'text', text: 'What is it?' }, ...media.map(({ note }) => picture(note))],
      },
    ],
    media: media.map(({ field, mediaType, bytes, sha256 }) => ({ field, mediaType, bytes, sha256 })),
  })
}

type Lent = {
  readonly langfuse: FakeLangfuse
  readonly sink: Sink
  readonly outcomes: UploadOutcome[]
  /** Sends as the pipeline does. */
  send(...records: readonly InferenceRecord[]): Promise<void>
  /** What Langfuse has as the content of the only message of each input. */
  contents(): readonly unknown[]
}

async function lend(
  mode: Mode,
  media: readonly TestMedium[],
  { timeoutMs = 5_000, missing = false }: { timeoutMs?: number; missing?: boolean } = {},
): Promise<Lent> {
  const langfuse = await lendLangfuse(mode)
  const outcomes: UploadOutcome[] = []
  const sink = langfuseSinkTo(langfuse, {}, 'auto', () => undefined, {
    timeoutMs,
    onOutcome: (outcome) => void outcomes.push(outcome),
    source: {
      read: async (sha256) => (missing ? undefined : media.find((medium) => medium.sha256 === sha256)?.body),
      stored: () => undefined,
      settled: () => undefined,
    },
  })
  return {
    langfuse,
    sink,
    outcomes,
    async send(...records) {
      const prepared = (await sink.prepare?.(records, signal)) ?? records
      for (const verdict of await sink.send(prepared, signal)) expect(verdict).toEqual({ ok: true })
    },
    contents: () =>
      langfuse.observations().map(({ input }) => {
        const { messages } = typeof input === 'string' ? JSON.parse(input) : (input as never)
        return messages[0].content
      }),
  }
}

const puts = ({ langfuse }: Lent) => langfuse.requests().filter(({ method }) => method === 'PUT')

test.each(modes)('a picture is uploaded, linked and drawn, on %s', async (mode) => {
  const medium = aMedium()
  const lent = await lend(mode, [medium])
  const record = recordWith(medium)
  await lent.send(record)
  const { traceId, spanId } = record.trace
  expect(lent.langfuse.media()).toEqual([
    { id: medium.id, contentType: 'image/png', bytes: medium.body, links: [`${traceId}/${spanId}/input`] },
  ])
  expect(lent.contents()).toEqual([[{ type: 'text', text: 'What is it?' }, picture(referenceTo(medium))]])
  expect(lent.langfuse.observations()[0]?.view.input?.map(({ form }) => form)).toEqual(['text'])
  expect(lent.outcomes).toEqual(['uploaded'])
})

test('the same picture in 20 calls is one upload, with a link for each', async () => {
  const medium = aMedium()
  const lent = await lend('v4', [medium])
  await lent.send(...Array.from({ length: 10 }, () => recordWith(medium)))
  for (let call = 0; call < 10; call++) await lent.send(recordWith(medium))
  expect(puts(lent)).toHaveLength(1)
  expect(lent.langfuse.media()[0]?.links).toHaveLength(20)
  expect(lent.contents().every((content) => JSON.stringify(content).includes(referenceTo(medium)))).toBe(true)
})

test('a project that has the bytes already gets no others', async () => {
  const medium = aMedium()
  const lent = await lend('v4', [medium])
  await lent.send(recordWith(medium))
  const another = langfuseSinkTo(lent.langfuse, {}, 'auto', () => undefined, {
    timeoutMs: 5_000,
    onOutcome: (outcome) => void lent.outcomes.push(outcome),
    source: { read: async () => undefined, stored: () => undefined, settled: () => undefined },
  })
  const [prepared] = (await another.prepare?.([recordWith(medium)], signal)) ?? []
  expect(JSON.stringify(prepared?.input)).toContain(referenceTo(medium))
  expect(lent.outcomes).toEqual(['uploaded', 'known'])
})

test('a record that is sent again is not linked again', async () => {
  const medium = aMedium()
  const lent = await lend('v4', [medium])
  const record = recordWith(medium)
  await lent.sink.prepare?.([record], signal)
  const before = lent.langfuse.requests().length
  await lent.sink.prepare?.([record], signal)
  expect(lent.langfuse.requests()).toHaveLength(before)
})

test('sound, files and pictures stand where Langfuse draws them', async () => {
  const [sound, file, spoken] = [
    aMedium('audio/wav'),
    aMedium('application/pdf'),
    aMedium('audio/wav', 'output'),
  ]
  const lent = await lend('v4', [sound, file, spoken])
  const { media } = recordWith(sound, file, spoken)
  const record = aRecord({
    media: media ?? [],
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_audio', input_audio: { data: sound.note, format: 'wav' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: file.note } },
        ],
      },
    ],
    output: {
      kind: 'choices',
      choices: [
        { index: 0, role: 'assistant', audioTranscript: 'Hello.', audio: spoken.note, finishReason: 'stop' },
      ],
    },
  })
  await lent.send(record)
  expect(lent.contents()).toEqual([
    [{ type: 'input_audio', input_audio: { data: referenceTo(sound) } }, referenceTo(file)],
  ])
  const [observation] = lent.langfuse.observations()
  expect(JSON.parse(String(observation?.output))).toEqual({
    role: 'assistant',
    content: null,
    audio: { data: referenceTo(spoken), transcript: 'Hello.' },
  })
  expect(observation?.view.input?.map(({ form }) => form)).toEqual(['text'])
  expect(observation?.view.output?.map(({ form }) => form)).toEqual(['text'])
})

test("Anthropic's pictures and documents, and those that tools answer with, are drawn", async () => {
  const [image, document, result] = [aMedium(), aMedium('application/pdf'), aMedium('image/jpeg')]
  const lent = await lend('v4', [image, document, result])
  const source = (medium: TestMedium) => ({
    type: 'base64',
    media_type: medium.mediaType,
    data: mediaNote('base64', medium.bytes, medium.sha256),
  })
  await lent.send(
    aRecord({
      ...recordWith(image, document, result),
      operation: 'messages',
      input: [
        {
          role: 'user',
          content: [
            { type: 'image', source: source(image) },
            { type: 'document', source: source(document) },
            { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'image', source: source(result) }] },
          ],
        },
      ],
    }),
  )
  const [observation] = lent.langfuse.observations()
  expect(JSON.parse(String(observation?.input)).messages).toEqual([
    { role: 'tool', tool_call_id: 't1', content: [picture(referenceTo(result))] },
    { role: 'user', content: [picture(referenceTo(image)), referenceTo(document)] },
  ])
  expect(observation?.view.input?.map(({ form }) => form)).toEqual(['text', 'text'])
})

test('a picture that the Responses API generated is drawn as the result of its call', async () => {
  const medium = aMedium('image/png', 'output')
  const lent = await lend('v4', [medium])
  await lent.send(
    aRecord({
      ...recordWith(medium),
      operation: 'responses',
      input: 'a cat',
      output: {
        kind: 'items',
        items: [
          {
            type: 'image_generation_call',
            id: 'ig_1',
            result: mediaNote('base64', medium.bytes, medium.sha256),
          },
        ],
      },
    }),
  )
  const { view } = lent.langfuse.observations()[0] as NonNullable<ReturnType<FakeLangfuse['observations']>[0]>
  expect(view.countedCalls).toEqual(['image_generation'])
  expect(view.output?.map(({ form, content }) => [form, content])).toEqual([
    ['calls', ''],
    ['text', [picture(referenceTo(medium))]],
  ])
})

test('what Langfuse does not draw where it stands stays a note, and is linked', async () => {
  const medium = aMedium()
  const lent = await lend('v4', [medium])
  const content = `See ![it](${medium.note})`
  await lent.send(aRecord({ ...recordWith(medium), input: [{ role: 'user', content }] }))
  expect(lent.contents()).toEqual([content])
  expect(lent.langfuse.media()[0]?.links).toHaveLength(1)
})

const noted = ({ note }: TestMedium) => [
  [
    { type: 'text', text: 'What is it?' },
    { type: 'text', text: note },
  ],
]

test.each(modes)(
  'a server without the API gets the note, and is not asked for each record, on %s',
  async (mode) => {
    const medium = aMedium()
    const lent = await lend(mode, [medium])
    lent.langfuse.removeMediaApi()
    await lent.send(recordWith(medium))
    await lent.send(recordWith(medium))
    expect(lent.contents()).toEqual([...noted(medium), ...noted(medium)])
    expect(lent.outcomes).toEqual(['unsupported', 'skipped'])
  },
)

test('a bucket that fails is tried again, and then the record goes with the note', async () => {
  const [a, b] = [aMedium(), aMedium()]
  const lent = await lend('v4', [a, b])
  const ticket = () => lent.langfuse.requests().filter(({ method }) => method === 'POST').length
  lent.langfuse.failNextMedia({ kind: 'response', status: 500, body: 'no bucket configured' })
  await lent.send(recordWith(a))
  expect(lent.outcomes).toEqual(['uploaded'])
  lent.langfuse.failNextMedia({ kind: 'response', status: 500, body: 'no bucket configured' }, 3)
  const before = ticket()
  await lent.send(recordWith(b))
  expect(lent.outcomes).toEqual(['uploaded', 'unavailable'])
  expect(ticket() - before).toBe(4)
  expect(lent.contents()[1]).toEqual(noted(b)[0])
})

test('a type that the server refuses is a note', async () => {
  const medium = aMedium()
  const lent = await lend('v4', [medium])
  lent.langfuse.failNextMedia({ kind: 'response', status: 400, body: { message: 'Invalid content type' } })
  await lent.send(recordWith(medium))
  expect(lent.outcomes).toEqual(['refused'])
  expect(lent.contents()).toEqual(noted(medium))
})

test('bytes that are gone are a note', async () => {
  const medium = aMedium()
  const lent = await lend('v4', [medium], { missing: true })
  await lent.send(recordWith(medium))
  expect(lent.outcomes).toEqual(['missing'])
  expect(lent.contents()).toEqual(noted(medium))
  expect(puts(lent)).toEqual([])
})

test.each([
  ['the bucket refuses', 'PUT', 403],
  ['the server never hears of', 'PATCH', 500],
] as const)('an upload that %s is no reference', async (_what, method, status) => {
  const medium = aMedium()
  const lent = await lend('v4', [medium])
  lent.langfuse.failNextMedia({ kind: 'response', status }, 3, method)
  await lent.send(recordWith(medium))
  expect(lent.outcomes).toEqual(['unavailable'])
  expect(lent.contents()).toEqual(noted(medium))
  expect(lent.langfuse.media()).toEqual([])
})

test('a slow server holds no record for longer than the limit, and keeps what arrives later', async () => {
  const medium = aMedium()
  const lent = await lend('v4', [medium], { timeoutMs: 50 })
  lent.langfuse.answerMediaAfter(300)
  await lent.send(recordWith(medium))
  expect(lent.contents()).toEqual(noted(medium))
  expect(lent.outcomes).toEqual(['timed_out'])
  while (lent.langfuse.media().length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(lent.langfuse.media()[0]?.links).toHaveLength(1)
})

test('while it is slow, records do not wait for it again', async () => {
  const [a, b] = [aMedium(), aMedium()]
  const lent = await lend('v4', [a, b], { timeoutMs: 50 })
  lent.langfuse.failNextMedia({ kind: 'no_response' }, 10)
  await lent.send(recordWith(a))
  await lent.send(recordWith(b))
  expect(lent.outcomes).toEqual(['timed_out', 'skipped'])
})

test('a server that is down costs no medium: records wait, and their media with them', async () => {
  const medium = aMedium()
  const lent = await lend('v4', [medium])
  const pipeline = createTestPipeline(tempDir(), [lent.sink])
  lent.langfuse.failNextMedia({ kind: 'reset' }, 3)
  lent.langfuse.failNext({ kind: 'reset' }, 3)
  const { settled } = await pipeline.consume(aPack(recordWith(medium)), signal)
  expect(settled.delivered).toBe(1)
  expect(lent.contents()).toEqual([[{ type: 'text', text: 'What is it?' }, picture(referenceTo(medium))]])
})

test('records without media are not delayed by those of others', async () => {
  const lent = await lend('v4', [])
  const record = aRecord()
  expect(await lent.sink.prepare?.([record], signal)).toEqual([record])
  expect(lent.langfuse.requests()).toEqual([])
})
