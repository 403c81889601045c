import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { InferenceRecord, Operation } from '../../../shared/record/record.ts'
import type { Capture } from '../capture/capture.ts'
import { recordOfExchange } from '../testing/exchange.ts'
import { boundary, formBytes, formType, type SentPart } from '../testing/form.ts'
import { createFormObserver } from './form-observer.ts'

type SentForm = {
  readonly chunks: readonly Buffer[]
  readonly headers?: Readonly<Record<string, string>>
  readonly capture?: Partial<Capture>
  readonly operation?: Operation
}

/** Passes the chunks of a form to an observer, as a socket emits them. @returns the record, and reported failures */
async function observed({ chunks, headers, capture: given, operation = 'audio' }: SentForm) {
  const failures: unknown[] = []
  const capture = { content: 'full', maxBytes: 1_048_576, ...given } as const
  const observer = createFormObserver({ 'content-type': formType, ...headers }, capture, (cause) =>
    failures.push(cause),
  )
  for (const chunk of chunks) {
    observer?.requestData(chunk)
    await nextTurn()
  }
  const record = recordOfExchange({ call: { operation }, capture, chunks: [] })
  return { observer, failures, record: observer?.applyTo(record) ?? record }
}

async function recordOf(form: SentForm): Promise<InferenceRecord> {
  const { failures, record } = await observed(form)
  expect(failures).toEqual([])
  return record
}

const recordOfParts = (parts: readonly SentPart[], form: Omit<SentForm, 'chunks'> = {}) =>
  recordOf({ ...form, chunks: [formBytes(...parts)] })

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

const sound = Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * at) % 251))
const transcription: readonly SentPart[] = [
  { name: 'file', filename: 'hello.mp3', type: 'audio/mpeg', body: sound },
  { name: 'model', body: 'whisper-1' },
  { name: 'language', body: 'no' },
  { name: 'temperature', body: '0.2' },
  { name: 'response_format', body: 'verbose_json' },
  { name: 'prompt', body: '42' },
]
const file = { filename: 'hello.mp3', mediaType: 'audio/mpeg', bytes: 5_000, sha256: sha256(sound) }

test('records model and parameters of a form, and its fields with the file described', async () => {
  expect(await recordOfParts(transcription)).toMatchObject({
    request: {
      model: 'whisper-1',
      stream: false,
      parameters: { language: 'no', temperature: 0.2, response_format: 'verbose_json' },
    },
    input: {
      model: 'whisper-1',
      language: 'no',
      temperature: 0.2,
      response_format: 'verbose_json',
      prompt: '42',
      file,
    },
  })
})

test('leaves the other fields of the record unchanged', async () => {
  const plain = recordOfExchange({ call: { operation: 'audio' }, chunks: [] })
  const { request, input: _, ...others } = await recordOfParts(transcription)
  expect({ ...others, request: { ...request, model: undefined, parameters: {} } }).toEqual({
    ...plain,
    request: { ...plain.request, model: undefined },
  })
})

test.each([
  ['true', true],
  ['True', true],
  ['false', false],
  ['yes', false],
])('reads stream=%s as %s', async (body, stream) => {
  expect((await recordOfParts([{ name: 'stream', body }])).request.stream).toBe(stream)
})

test('keeps text that looks like a number, and numbers that are malformed, as text', async () => {
  const record = await recordOfParts([
    { name: 'n', body: 'two' },
    { name: 'style', body: '1' },
    { name: 'seed', body: '"7"' },
  ])
  expect(record.request.parameters).toEqual({ n: 'two', style: '1', seed: '"7"' })
})

test('records fields named as a list, and repeated fields, as lists', async () => {
  const picture = (body: string) => ({ name: 'image[]', filename: `${body}.png`, type: 'image/png', body })
  const { input } = await recordOfParts(
    [
      picture('a'),
      picture('b'),
      { name: 'include[]', body: 'logprobs' },
      { name: 'tag', body: 'x' },
      { name: 'tag', body: 'y' },
      { name: 'tag', body: 'z' },
    ],
    { operation: 'image' },
  )
  const described = (body: string) => ({
    filename: `${body}.png`,
    mediaType: 'image/png',
    bytes: 1,
    sha256: sha256(body),
  })
  expect(input).toEqual({
    image: [described('a'), described('b')],
    include: ['logprobs'],
    tag: ['x', 'y', 'z'],
  })
})

test('recognises a file by its file name or its type, and drops the directories of its name', async () => {
  const { input } = await recordOfParts([
    { name: 'a', filename: '/home/me/lines.jsonl', body: 'secret' },
    { name: 'b', type: 'image/png', body: 'pixels' },
    { name: 'c', type: 'application/json', body: '{"a":1}' },
    { name: 'd', type: 'text/plain; charset=utf-8', body: 'words' },
  ])
  expect(input).toEqual({
    a: { filename: 'lines.jsonl', mediaType: 'text/plain', bytes: 6, sha256: sha256('secret') },
    b: { mediaType: 'image/png', bytes: 6, sha256: sha256('pixels') },
    c: '{"a":1}',
    d: 'words',
  })
})

test('attribution fields are not repeated in the input', async () => {
  const parts = [...transcription, { name: 'user', body: 'u-1' }, { name: 'metadata', body: '{}' }]
  const { input } = await recordOfParts(parts)
  expect(Object.keys(input as object)).not.toContain('user')
  expect(Object.keys(input as object)).not.toContain('metadata')
})

test('a field may have any name', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'größe', '']
  const { input } = await recordOfParts(names.map((name) => ({ name, body: 'x' })))
  expect(input).toMatchObject({ größe: 'x', '': 'x' })
})

test('media within a text are described', async () => {
  const body = `data:image/png;base64,${sound.toString('base64')}`
  const { input } = await recordOfParts([{ name: 'mask', body }])
  expect(input).toEqual({ mask: `[image/png, 5000 bytes, sha256 ${sha256(sound)}]` })
})

// Any split into chunks

const word = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes(`--${boundary}`))
const anyPart: fc.Arbitrary<SentPart> = fc.oneof(
  fc.record({ name: fc.constantFrom('model', 'prompt', 'n', 'stream', 'tag'), body: word }),
  fc.record({
    name: fc.constantFrom('file', 'image[]'),
    filename: fc.constantFrom('a.mp3', 'ä.png', ''),
    type: fc.constantFrom('audio/mpeg', 'image/png'),
    body: fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      // Parsers go wrong where bytes look like the beginning of a boundary.
      fc
        .array(fc.constantFrom('\r', '\n', '\r\n', '--', `\r\n--${boundary.slice(0, 5)}`, 'x'))
        .map((pieces) => Buffer.from(pieces.join(''))),
    ),
  }),
)

test('records the same for any split into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyPart, { maxLength: 6 }),
      fc.array(fc.nat({ max: 2_000 })),
      fc.constantFrom('full', 'lengths', 'none'),
      fc.constantFrom(0, 20, 200, 1_048_576),
      async (parts, places, content, maxBytes) => {
        const bytes = formBytes(...parts)
        const ends = [...places.map((place) => place % bytes.length), bytes.length].sort((a, b) => a - b)
        const chunks = ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end))
        const capture = { content, maxBytes }
        const whole = await recordOf({ chunks: [bytes], capture })
        expect(await recordOf({ chunks, capture })).toEqual(whole)
        expect(whole.input === undefined).toBe(content === 'none' || parts.length === 0)
      },
    ),
    { numRuns: 300 },
  )
})

test('records the same one byte at a time', async () => {
  const bytes = formBytes(...transcription)
  const chunks = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
  expect(await recordOf({ chunks })).toEqual(await recordOf({ chunks: [bytes] }))
})

// Incomplete forms, and bodies that are not forms

test('records the received part of an incomplete form, without a hash of the file', async () => {
  const bytes = formBytes({ name: 'model', body: 'whisper-1' }, ...transcription.slice(0, 1))
  const record = await recordOf({ chunks: [bytes.subarray(0, bytes.indexOf(sound) + 1_000)] })
  expect(record).toMatchObject({ request: { model: 'whisper-1' } })
  // The last bytes may be the beginning of a boundary, so they are held back.
  expect(record.input).toEqual({
    model: 'whisper-1',
    file: { filename: 'hello.mp3', mediaType: 'audio/mpeg', bytes: expect.any(Number), cutOff: true },
  })
  expect(record.input).toMatchObject({ file: { bytes: 1_000 } })
})

test('an incomplete parameter is not recorded as one', async () => {
  const bytes = formBytes({ name: 'model', body: 'gpt-4o-transcribe' })
  const record = await recordOf({ chunks: [bytes.subarray(0, bytes.indexOf('-transcribe'))] })
  expect(record.request).not.toHaveProperty('model')
  expect(record.input).toEqual({ model: 'gpt-4o' })
})

const whole = formBytes(...transcription)
test.each<[string, Buffer | string]>([
  ['nothing', ''],
  ['JSON under the type of a form', '{"model":"whisper-1"}'],
  ['another boundary', String(whole).replaceAll(boundary, 'other')],
  ['the last boundary alone', `--${boundary}--`],
  ['a part without header', `--${boundary}\r\n\r\nx\r\n--${boundary}--`],
  ['a part of another kind', `--${boundary}\r\nContent-Disposition: attachment\r\n\r\nx\r\n--${boundary}--`],
])('records nothing of %s', async (_, body) => {
  const record = await recordOf({ chunks: [Buffer.from(body)] })
  expect(record.request).toMatchObject({ parameters: {} })
  expect(record.request).not.toHaveProperty('model')
  expect(record).not.toHaveProperty('input')
})

test('a part without a name is recorded under the empty name', async () => {
  const body = `--${boundary}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--${boundary}--`
  expect((await recordOf({ chunks: [Buffer.from(body)] })).input).toEqual({ '': 'x' })
})

test('bytes before and after the form are skipped', async () => {
  const chunks = [Buffer.from('before\r\n'), whole, Buffer.from('after'), whole]
  expect(await recordOf({ chunks })).toEqual(await recordOf({ chunks: [whole] }))
})

test.each([
  { 'content-type': 'multipart/form-data' },
  { 'content-type': 'multipart/form-data; charset=utf-8' },
  { 'content-type': `multipart/form-data; boundary=${'x'.repeat(300)}` },
  { 'content-type': `multipart/mixed; boundary=${boundary}` },
  { 'content-type': 'audio/mpeg' },
  { 'content-encoding': 'gzip' },
])('a body under %j is not read', async (headers) => {
  expect(await observed({ chunks: [whole], headers })).toMatchObject({ observer: undefined, failures: [] })
})

test('any bytes under the type of a form are read without failure', async () => {
  const fragment = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('\r\n', ';', '=', '"', "*=utf-8''%", '\\', `--${boundary}`, '--', 'Content-Type:', 'x')
      .map((text) => Buffer.from(text)),
    fc.constantFrom('form-data', '; name="', '; filename="', '; filename*=').map((text) => Buffer.from(text)),
    fc.constant(Buffer.from(`\r\n--${boundary}\r\nContent-Disposition: form-data; name=`)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fragment, { maxLength: 30 }), async (chunks) => {
      expect((await recordOf({ chunks })).v).toBe(1)
    }),
    { numRuns: 1_000 },
  )
})

// Limits

test('CAPTURE_CONTENT=lengths keeps parameters, lengths, numbers and file descriptions', async () => {
  const record = await recordOfParts(transcription, { capture: { content: 'lengths', maxBytes: 5 } })
  expect(record).toMatchObject({ content: 'lengths', request: { model: 'whisper-1' } })
  expect(record.input).toEqual({
    file: { ...file, filename: '[9 characters]' },
    model: '[9 characters]',
    language: '[2 characters]',
    temperature: 0.2,
    response_format: '[12 characters]',
    prompt: '[2 characters]',
  })
})

test('CAPTURE_CONTENT=none keeps model and parameters only', async () => {
  const record = await recordOfParts(transcription, { capture: { content: 'none' } })
  expect(record).toMatchObject({ request: { model: 'whisper-1', parameters: { temperature: 0.2 } } })
  expect(record).not.toHaveProperty('input')
})

test('CAPTURE_MAX_BYTES truncates a text between characters, and reports how much is missing', async () => {
  const { input } = await recordOfParts(
    [
      { name: 'prompt', body: 'größer' },
      { name: 'note', body: 'x' },
    ],
    {
      capture: { maxBytes: 'prompt'.length + 3 },
    },
  )
  expect(input).toEqual({ prompt: 'gr … [4 more characters]', '…': '[1 more fields]' })
})

test('model and parameters are recorded even after the allowance is spent', async () => {
  const parts = [{ name: 'prompt', body: 'p'.repeat(100) }, ...transcription]
  const { request, input } = await recordOfParts(parts, { capture: { maxBytes: 20 } })
  expect(request).toMatchObject({ model: 'whisper-1', parameters: { language: 'no', temperature: 0.2 } })
  expect(input).toEqual({ prompt: `${'p'.repeat(14)} … [86 more characters]`, '…': '[6 more fields]' })
})

test('keeps at most 256 parts, and names of bounded length', async () => {
  const parts = Array.from({ length: 300 }, (_, at) => ({ name: `${at}`.padEnd(1_000, 'n'), body: 'x' }))
  const { input } = await recordOfParts(parts)
  const names = Object.keys(input as object)
  expect(names).toHaveLength(257)
  expect(Math.max(...names.map((name) => name.length))).toBe(200)
  expect(input).toMatchObject({ '…': '[more fields]' })
})

test('a text of many megabytes is held within the limit', async () => {
  const piece = Buffer.alloc(1_000_000, 'p')
  const [head, tail] = String(formBytes({ name: 'prompt', body: '|' })).split('|')
  const chunks = [Buffer.from(`${head}`), ...Array.from({ length: 20 }, () => piece), Buffer.from(`${tail}`)]
  const { input } = await recordOf({ chunks, capture: { maxBytes: 16 } })
  expect(input).toEqual({ prompt: `${'p'.repeat(10)} … [19999990 more characters]` })
})
