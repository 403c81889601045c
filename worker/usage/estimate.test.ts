import { expect, test } from 'vitest'
import type { Json } from '../../shared/json.ts'
import type { Ending, InferenceRecord, Operation } from '../../shared/record/record.ts'
import { aRecord, aTranscription } from '../testing/records.ts'
import { type CountTokens, estimateUsage } from './estimate.ts'

/** A token is a word. */
const words: CountTokens = async (lists) =>
  lists.map((pieces) => pieces.flatMap((piece) => piece.split(/\s+/).filter(Boolean)).length)

const answer = (content: string) => ({ kind: 'choices', choices: [{ index: 0, content }] }) as const
const uncounted = (changes: Partial<InferenceRecord> = {}) =>
  aRecord({
    usage: { provenance: 'missing' },
    input: [{ role: 'user', content: 'how are you today' }],
    output: answer('very well'),
    ...changes,
  })

async function usageOf(record: InferenceRecord) {
  const [estimated] = await estimateUsage([record], words)
  return estimated?.usage
}

test('a call without usage gets an estimate that says so', async () => {
  expect(await usageOf(uncounted())).toEqual({ provenance: 'estimated', input: 8, output: 2, total: 10 })
})

test('what the provider counted is left alone, down to the object', async () => {
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
  expect(await usageOf(uncounted({ ending }))).toMatchObject({ provenance })
})

test.each<[string, Partial<InferenceRecord>]>([
  ['without an answer', { output: answer('') }],
  ['without a question', { input: null }],
  ['of which only lengths were kept', { content: 'lengths' }],
  ['that is no model call', { operation: 'relay' }],
  ['with sound for an answer', { output: { kind: 'media', mediaType: 'audio/mpeg', bytes: 9 } }],
])('a call %s gets none', async (_, changes) => {
  const record = uncounted(changes)
  if (changes.input === null) delete (record as { input?: unknown }).input
  expect(await usageOf(record)).toEqual({ provenance: 'missing' })
})

test('speech is billed by its length, so a transcription gets none', async () => {
  expect(await usageOf(aTranscription())).toEqual({ provenance: 'missing' })
})

test('embeddings have input alone', async () => {
  const vectors = { operation: 'embeddings' as Operation, output: { kind: 'vectors', count: 2 } as const }
  expect(await usageOf(uncounted({ ...vectors, input: ['one two', 'three'] }))).toEqual({
    provenance: 'estimated',
    input: 3,
    total: 3,
  })
})

test('all that the model wrote counts: reasoning, refusal and tool calls too', async () => {
  const choice = {
    index: 0,
    content: 'a b',
    reasoning: 'c',
    refusal: 'd',
    toolCalls: [{ id: 'call_1', name: 'e', arguments: 'f g' }],
    logprobs: { content: [{ token: 'not again' }] },
  }
  expect(await usageOf(uncounted({ output: { kind: 'choices', choices: [choice] } }))).toMatchObject({
    output: 7,
  })
})

test('a picture counts as a picture, not as the words of its description', async () => {
  const described = `[image/png, 20480 bytes, sha256 ${'0'.repeat(64)}]`
  const asking = (picture: Json): Json => [
    { role: 'user', content: [{ type: 'text', text: 'what is this' }, picture] },
  ]
  const low = asking({ type: 'image_url', image_url: { url: described, detail: 'low' } })
  const high = asking({ type: 'input_image', image_url: 'https://pictures.test/a b c.png' })
  const sound = asking({ type: 'input_audio', input_audio: { data: described, format: '' } })
  expect(await usageOf(uncounted({ input: low }))).toMatchObject({ input: 4 + 3 + 85 })
  expect(await usageOf(uncounted({ input: high }))).toMatchObject({ input: 4 + 3 + 765 })
  expect(await usageOf(uncounted({ input: sound }))).toMatchObject({ input: 4 + 3 })
})

test('the definitions of tools count', async () => {
  const tools = [{ type: 'function', function: { name: 'add', description: 'adds two numbers' } }]
  const messages = [{ role: 'user', content: 'add' }]
  expect(await usageOf(uncounted({ input: { messages, tools } }))).toMatchObject({ input: 4 + 1 + 3 })
})

test('of several records each gets its own', async () => {
  const records = [uncounted(), aRecord(), uncounted({ output: answer('a b c d') })]
  const estimated = await estimateUsage(records, words)
  expect(estimated.map(({ usage }) => ('output' in usage ? usage.output : undefined))).toEqual([2, 57, 4])
})

test('a long text is sampled, and what was cut off at capture counts too', async () => {
  const seen: number[] = []
  const watching: CountTokens = (lists) => {
    seen.push(...lists.map((pieces) => pieces.join('').length))
    return words(lists)
  }
  const [long] = await estimateUsage([uncounted({ output: answer('word '.repeat(100_000)) })], watching)
  expect(Math.max(...seen)).toBeLessThanOrEqual(65_536)
  const output = long !== undefined && 'output' in long.usage ? long.usage.output : undefined
  expect(output).toBeGreaterThan(95_000)
  expect(output).toBeLessThan(105_000)
  expect(await usageOf(uncounted({ output: answer('one two … [7 more characters]') }))).toMatchObject({
    output: 4,
  })
})
