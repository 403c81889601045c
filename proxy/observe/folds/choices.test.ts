import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import type { Choice } from '../../../shared/record/output.ts'
import { choicesFold } from './choices.ts'

const chunk = (choice: JsonObject, otherFields: JsonObject = {}): JsonObject => ({
  choices: [{ index: 0, ...choice }],
  ...otherFields,
})
const delta = (fields: JsonObject): JsonObject => chunk({ delta: fields })

function fold(...events: JsonObject[]): readonly Choice[] {
  const { output } = folded(1_000, events)
  return output?.kind === 'choices' ? output.choices : []
}

function folded(left: number, events: readonly JsonObject[]) {
  const choices = choicesFold({ left })
  for (const event of events) choices.add(event)
  return choices.result()
}

test('joins content, and accepts a role that is repeated or null', () => {
  expect(
    fold(
      delta({ role: 'assistant', content: '' }),
      delta({ role: null, content: 'He' }),
      delta({ content: 'llo' }),
    ),
  ).toEqual([{ index: 0, role: 'assistant', content: 'Hello' }])
})

test('reads reasoning once that is sent in three fields', () => {
  const part = {
    reasoning: 'So',
    reasoning_content: 'So',
    reasoning_details: [{ type: 'reasoning.text', text: 'So' }],
  }
  expect(
    fold(delta(part), delta({ reasoning_details: [{ summary: '...' }, { data: 'encrypted' }] })),
  ).toEqual([{ index: 0, reasoning: 'So...' }])
})

test('separates thinking parts from text parts, and keeps parts of other types', () => {
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }
  expect(fold(delta({ content: [thinking] }), delta({ content: [{ type: 'text', text: 'Yes' }] }))).toEqual([
    { index: 0, reasoning: 'Hm', content: 'Yes' },
  ])
  const picture = { type: 'image_url', image_url: { url: 'https://pictures.test/1' } }
  expect(fold(delta({ content: 'Look', images: [picture] }))).toEqual([
    { index: 0, content: [{ type: 'text', text: 'Look' }, picture] },
  ])
})

test('reads refusal, transcript, annotations and log probabilities', () => {
  expect(
    fold(
      delta({ refusal: 'I can', audio: { transcript: 'One' }, annotations: [{ n: 1 }] }),
      chunk({ delta: { refusal: 'not' }, logprobs: { content: [{ token: 'a' }], refusal: null } }),
      chunk({ delta: { audio: { transcript: ' two' } }, logprobs: { content: [{ token: 'b' }] } }),
    ),
  ).toEqual([
    {
      index: 0,
      refusal: 'I cannot',
      audioTranscript: 'One two',
      annotations: [{ n: 1 }],
      logprobs: { content: [{ token: 'a' }, { token: 'b' }] },
    },
  ])
})

test('keeps interleaved choices apart and in order', () => {
  const say = (index: number, content: string) => ({ choices: [{ index, delta: { content } }] })
  expect(fold(say(1, 'b'), say(0, 'a'), say(1, 'B'), say(0, 'A'))).toEqual([
    { index: 0, content: 'aA' },
    { index: 1, content: 'bB' },
  ])
})

test('has ended when every choice has a finish reason; the last that is not null wins', () => {
  const both = (first: string | null, second: string | null) => ({
    choices: [
      { index: 0, delta: {}, finish_reason: first },
      { index: 1, delta: {}, finish_reason: second },
    ],
  })
  expect(folded(100, [both('stop', null)]).ended).toBe(false)
  const { ended, output } = folded(100, [both('stop', null), both('tool_calls', 'length'), both(null, null)])
  expect(ended).toBe(true)
  expect(output).toMatchObject({ choices: [{ finishReason: 'tool_calls' }, { finishReason: 'length' }] })
})

test('prefers the delta where a chunk also has a snapshot of the message', () => {
  expect(
    fold(
      chunk({ delta: { content: 'a' }, message: { content: 'a' } }),
      chunk({ delta: { content: 'b' }, message: { content: 'ab' } }),
    ),
  ).toEqual([{ index: 0, content: 'ab' }])
})

test('recognises a final message that repeats the deltas (MiniMax)', () => {
  const call = { index: 0, id: 'c1', function: { name: 'f', arguments: '{"x":1}' } }
  const message = { role: 'assistant', content: 'Hello!', reasoning_content: 'Hm', tool_calls: [call] }
  expect(
    fold(
      delta({ content: 'He', reasoning_content: 'Hm' }),
      delta({ content: 'llo', tool_calls: [call] }),
      chunk({ message, finish_reason: 'stop' }),
    ),
  ).toMatchObject([
    { content: 'Hello!', reasoning: 'Hm', toolCalls: [{ id: 'c1', name: 'f', arguments: '{"x":1}' }] },
  ])
})

test('joins messages that are deltas, and those that are snapshots', () => {
  const say = (content: string) => chunk({ message: { content } })
  expect(fold(say('He'), say('llo'))).toMatchObject([{ content: 'Hello' }])
  expect(fold(say('He'), say('Hello'))).toMatchObject([{ content: 'Hello' }])
})

test('reports how much is missing of a snapshot that repeats truncated deltas', () => {
  const content = 'x'.repeat(20)
  const { output } = folded(8, [delta({ content }), chunk({ message: { content: `${content}yy` } })])
  expect(output).toMatchObject({ choices: [{ content: 'xxxxxxxx … [14 more characters]' }] })
})

test('separates reasoning parts from text parts (Databricks)', () => {
  const summary = [{ type: 'summary_text', text: 'Hm' }]
  expect(fold(delta({ content: [{ type: 'reasoning', summary }] }), delta({ content: 'Yes' }))).toEqual([
    { index: 0, reasoning: 'Hm', content: 'Yes' },
  ])
})

test("reads Anthropic's thinking blocks where there is no other reasoning (LiteLLM)", () => {
  const thinking_blocks = [{ type: 'thinking', thinking: 'Hm', signature: 'c2ln' }]
  expect(fold(delta({ thinking_blocks }), delta({ thinking_blocks, reasoning_content: '!' }))).toEqual([
    { index: 0, reasoning: 'Hm!' },
  ])
})

test('deduplicates annotations that are repeated with every chunk, and appends citations', () => {
  const [a, b] = [{ url: 'https://a.test' }, { url: 'https://b.test' }]
  expect(
    fold(
      chunk({ delta: { content: 'x', annotations: [a] } }, { citations: ['https://c.test'] }),
      chunk({ delta: { annotations: [a, b] } }, { citations: ['https://c.test'] }),
    ),
  ).toEqual([{ index: 0, content: 'x', annotations: [a, b, { type: 'citation', url: 'https://c.test' }] }])
})

test('keeps one entry of a tool that is sent at its start and at its end (Groq)', () => {
  const begun = { index: 0, type: 'search', arguments: '{}' }
  expect(
    fold(delta({ executed_tools: [begun] }), delta({ executed_tools: [{ ...begun, output: 'Sunny' }] })),
  ).toMatchObject([{ executedTools: [{ ...begun, output: 'Sunny' }] }])
})

test('keeps names and ids well-formed and of bounded length', () => {
  const long = '😀'.repeat(10_000)
  const [choice] = fold(
    chunk({
      delta: { role: long, tool_calls: [{ id: '\ud83d', function: { name: long } }] },
      finish_reason: long,
    }),
  )
  const [call] = choice?.toolCalls ?? []
  expect(call?.id).toBe('\uFFFD')
  for (const name of [choice?.role, choice?.finishReason, call?.name]) {
    expect(name).toBe('😀'.repeat(128))
  }
  expect(folded(100, [{ model: `m\ud83d`, id: long }])).toMatchObject({
    model: 'm\uFFFD',
    id: '😀'.repeat(128),
  })
})

test('reads a response that is not streamed as a stream of one event', () => {
  const message = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{}' } }],
  }
  const response = folded(1_000, [
    {
      id: 'chatcmpl-1',
      model: 'm',
      usage: { total_tokens: 3 },
      choices: [{ index: 0, message, finish_reason: 'stop' }],
    },
  ])
  expect(response).toMatchObject({ id: 'chatcmpl-1', model: 'm', usage: { total: 3 }, ended: true })
  expect(response.output).toMatchObject({
    choices: [{ toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }] }],
  })
})

test('reads text completions', () => {
  expect(fold(chunk({ text: 'Once' }), chunk({ text: ' upon', finish_reason: 'length' }))).toEqual([
    { index: 0, content: 'Once upon', finishReason: 'length' },
  ])
})

test('takes the last model, the first id, and the last usage in any of its places', () => {
  const { model, id, usage } = folded(100, [
    { model: '', id: '', choices: [] },
    { model: 'alias', id: '1', x_groq: { usage: { total_tokens: 1 } } },
    { model: 'real', id: '2', usage: { total_tokens: 2 } },
    { model: '', usage: null, x_groq: { usage: { total_tokens: 3 } } },
  ])
  expect([model, id, usage]).toEqual(['real', '1', { provenance: 'provider', total: 2 }])
})

test('finds the error of an event and of a choice', () => {
  expect(folded(100, [{ error: { message: 'Busy', type: 'overloaded' } }]).error?.type).toBe('overloaded')
  expect(folded(100, [chunk({ error: { message: 'Gone', code: 502 } })]).error?.type).toBe('http_502')
})

test('charges annotations to the allowance', () => {
  const annotation = (n: number) => ({ title: String(n).padEnd(100, 'x') })
  const [choice] = fold(...Array.from({ length: 50 }, (_, n) => delta({ annotations: [annotation(n)] })))
  expect(choice?.annotations).toHaveLength(8)
})

test('keeps at most 128 choices, the largest n', () => {
  const events = Array.from({ length: 1_000 }, (_, index) => ({
    choices: [{ index, delta: { content: 'a' } }],
  }))
  expect(fold(...events)).toHaveLength(128)
})

test('keeps no more than its allowance, whatever arrives', () => {
  const long = 'x'.repeat(1_000)
  const events = Array.from({ length: 50 }, () =>
    chunk({
      delta: { content: long, reasoning: long, annotations: [{ long }], images: [{ long }] },
      logprobs: { content: [{ long }] },
    }),
  )
  expect(JSON.stringify(folded(2_500, events).output).length).toBeLessThan(3_000)
})

test.each([
  null,
  1,
  'x',
  [],
  {},
  { choices: null },
  { choices: [null, 1, { delta: 1 }, { delta: { tool_calls: [null] } }] },
])('ignores %j', (event) => {
  expect(choicesFold({ left: 10 }).add(event)).toBe(false)
})

test('keeps the tools that a provider executed itself', () => {
  const tool = { index: 0, type: 'search', arguments: '{}', output: 'Sunny' }
  expect(fold(chunk({ message: { content: 'It is.', executed_tools: [tool] } }))).toEqual([
    { index: 0, content: 'It is.', executedTools: [tool] },
  ])
})

test.each<[string, JsonObject]>([
  ['an empty delta', { delta: { role: 'assistant', content: '' } }],
  ['a delta without fields', { delta: {} }],
  ['a delta of null', { delta: null }],
  ['a delta of nulls', { delta: { content: null, tool_calls: null } }],
])('%s beside a whole message leaves it as it is (Perplexity)', (_, beside) => {
  const tool_calls = [{ id: 'c1', function: { name: 'f', arguments: '{}' } }]
  const message = { role: 'assistant', content: '2 + 2 = 4', reasoning_content: 'Hm', tool_calls }
  expect(fold(chunk({ message, ...beside, finish_reason: 'stop' }))).toEqual([
    {
      index: 0,
      role: 'assistant',
      content: '2 + 2 = 4',
      reasoning: 'Hm',
      toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }],
      finishReason: 'stop',
    },
  ])
})

test('a message beside deltas adds only what they did not carry, also where it has been edited', () => {
  expect(
    fold(
      chunk({ delta: { content: 'a ' }, message: { content: 'a' } }),
      chunk({ delta: { content: 'b [1]' }, message: { content: 'a b' } }),
      chunk({ delta: { content: '' }, message: { content: 'a b.', reasoning: 'Hm', refusal: 'no' } }),
    ),
  ).toEqual([{ index: 0, content: 'a b [1]', reasoning: 'Hm', refusal: 'no' }])
})

test('a text beside an empty delta or message is read', () => {
  expect(fold(chunk({ text: 'Hi', delta: { content: '' } }), chunk({ text: '!', delta: {} }))).toEqual([
    { index: 0, content: 'Hi!' },
  ])
  expect(fold(chunk({ text: 'Hi', delta: { content: 'Hi' } }))).toEqual([{ index: 0, content: 'Hi' }])
  expect(fold(chunk({ text: 'Hi', message: { content: 'Hi' } }))).toEqual([{ index: 0, content: 'Hi' }])
})
