import { expect, test } from 'vitest'
import type { Json } from '../../shared/json.ts'
import type { Ending, InferenceRecord, Operation } from '../../shared/record/record.ts'
import { aRecord, aTranscription } from '../testing/records.ts'
import { type CountTokens, estimateUsage } from './estimate.ts'

/** One token per word. */
const words: CountTokens = async (lists) =>
  lists.map((texts) => texts.flatMap((text) => text.split(/\s+/).filter(Boolean)).length)

const textOutput = (content: string) => ({ kind: 'choices', choices: [{ index: 0, content }] }) as const
const withoutUsage = (changes: Partial<InferenceRecord> = {}) =>
  aRecord({
    usage: { provenance: 'missing' },
    input: [{ role: 'user', content: 'how are you today' }],
    output: textOutput('very well'),
    ...changes,
  })

async function usageOf(record: InferenceRecord) {
  const [estimated] = await estimateUsage([record], words)
  return estimated?.usage
}

test('a call without usage gets an estimate that is marked as one', async () => {
  expect(await usageOf(withoutUsage())).toEqual({ provenance: 'estimated', input: 8, output: 2, total: 10 })
})

test('a message that broke off keeps the input that was reported, and gets an estimate of its output', async () => {
  const usage = { provenance: 'provider', input: 25, cachedInput: 900, cacheOutsideInput: true } as const
  const output = { kind: 'message', content: [{ type: 'text', text: 'very well' }] } as const
  const record = withoutUsage({ operation: 'messages', ending: 'truncated', usage, output })
  expect(await usageOf(record)).toEqual({ ...usage, provenance: 'estimated', output: 2 })
})

test('what is no answer of the API, a page of a proxy, has no tokens', async () => {
  const page = { kind: 'text', text: '<html>Sign in</html>' } as const
  expect(await usageOf(withoutUsage({ output: page }))).toEqual({ provenance: 'missing' })
})

test('signatures and citations of a message are not counted', async () => {
  const output = {
    kind: 'message',
    content: [
      { type: 'thinking', thinking: 'well well', signature: 'a b c' },
      { type: 'text', text: 'very well', citations: [{ cited_text: 'd e f' }] },
    ],
  } as const
  expect(await usageOf(withoutUsage({ operation: 'messages', output }))).toMatchObject({ output: 4 })
})

test('a record with reported usage is returned as the same object', async () => {
  const record = aRecord()
  const [same] = await estimateUsage([record], words)
  expect(same).toBe(record)
})

test.each<[Ending, string]>([
  ['completed', 'estimated'],
  ['truncated', 'estimated'],
  ['client_closed', 'estimated'],
  ['upstream_error', 'missing'],
  ['error_in_stream', 'missing'],
  ['upstream_closed', 'missing'],
  ['timed_out', 'missing'],
])('a call that ended as %s has usage %s', async (ending, provenance) => {
  expect(await usageOf(withoutUsage({ ending }))).toMatchObject({ provenance })
})

test.each<[string, Partial<InferenceRecord>]>([
  ['without output', { output: textOutput('') }],
  ['without input', { input: null }],
  ['of which only lengths were captured', { content: 'lengths' }],
  ['without a model', { operation: 'relay' }],
  ['with audio output', { output: { kind: 'media', mediaType: 'audio/mpeg', bytes: 9 } }],
])('a call %s gets no estimate', async (_, changes) => {
  const record = withoutUsage(changes)
  if (changes.input === null) delete (record as { input?: unknown }).input
  expect(await usageOf(record)).toEqual({ provenance: 'missing' })
})

test('a transcription gets no estimate, because it is billed by its duration', async () => {
  expect(await usageOf(aTranscription())).toEqual({ provenance: 'missing' })
})

test('embeddings have only input', async () => {
  const vectors = { operation: 'embeddings' as Operation, output: { kind: 'vectors', count: 2 } as const }
  expect(await usageOf(withoutUsage({ ...vectors, input: ['one two', 'three'] }))).toEqual({
    provenance: 'estimated',
    input: 3,
    total: 3,
  })
})

test('everything that the model wrote counts: reasoning, refusal and tool calls too', async () => {
  const choice = {
    index: 0,
    content: 'a b',
    reasoning: 'c',
    refusal: 'd',
    toolCalls: [{ id: 'call_1', name: 'e', arguments: 'f g' }],
    logprobs: { content: [{ token: 'not again' }] },
  }
  expect(await usageOf(withoutUsage({ output: { kind: 'choices', choices: [choice] } }))).toMatchObject({
    output: 7,
  })
})

test('an image costs its own tokens, not those of its placeholder', async () => {
  const placeholder = `[image/png, 20480 bytes, sha256 ${'0'.repeat(64)}]`
  const asking = (part: Json): Json => [
    { role: 'user', content: [{ type: 'text', text: 'what is this' }, part] },
  ]
  const low = asking({ type: 'image_url', image_url: { url: placeholder, detail: 'low' } })
  const high = asking({ type: 'input_image', image_url: 'https://pictures.test/a b c.png' })
  const audio = asking({ type: 'input_audio', input_audio: { data: placeholder, format: '' } })
  expect(await usageOf(withoutUsage({ input: low }))).toMatchObject({ input: 4 + 3 + 85 })
  expect(await usageOf(withoutUsage({ input: high }))).toMatchObject({ input: 4 + 3 + 765 })
  expect(await usageOf(withoutUsage({ input: audio }))).toMatchObject({ input: 4 + 3 })
})

test('tool definitions count', async () => {
  const tools = [{ type: 'function', function: { name: 'add', description: 'adds two numbers' } }]
  const messages = [{ role: 'user', content: 'add' }]
  expect(await usageOf(withoutUsage({ input: { messages, tools } }))).toMatchObject({ input: 4 + 1 + 3 })
})

test('each of several records gets its own estimate', async () => {
  const records = [withoutUsage(), aRecord(), withoutUsage({ output: textOutput('a b c d') })]
  const estimated = await estimateUsage(records, words)
  expect(estimated.map(({ usage }) => ('output' in usage ? usage.output : undefined))).toEqual([2, 57, 4])
})

test('a long text is sampled, and what was truncated at capture counts too', async () => {
  const lengths: number[] = []
  const watching: CountTokens = (lists) => {
    lengths.push(...lists.map((texts) => texts.join('').length))
    return words(lists)
  }
  const [long] = await estimateUsage(
    [withoutUsage({ output: textOutput('word '.repeat(100_000)) })],
    watching,
  )
  expect(Math.max(...lengths)).toBeLessThanOrEqual(65_536)
  const output = long !== undefined && 'output' in long.usage ? long.usage.output : undefined
  expect(output).toBeGreaterThan(95_000)
  expect(output).toBeLessThan(105_000)
  expect(await usageOf(withoutUsage({ output: textOutput('one two … [7 more characters]') }))).toMatchObject({
    output: 4,
  })
})
