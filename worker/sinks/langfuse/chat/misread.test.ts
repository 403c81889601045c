import { describe, expect, test } from 'vitest'
import type { Json } from '../../../../shared/json.ts'
import type { Output } from '../../../../shared/record/output.ts'
import type { Operation } from '../../../../shared/record/record.ts'
import { chatViewOf } from '../../../../shared/testing/fake-langfuse/chat/chat-view.ts'
import { aRecord } from '../../../testing/records.ts'
import { inputOf } from '../data-model/input.ts'
import { outputOf } from '../data-model/output.ts'

// What Langfuse's page takes for something else than it is: texts that it parses, and messages of other frameworks.

const hello: Json = [{ role: 'user', content: 'hi' }]

function viewOf(operation: Operation, input: Json, output: Output) {
  const record = aRecord({ operation, input, output })
  return chatViewOf(JSON.stringify(inputOf(record)), JSON.stringify(outputOf(record)))
}

const said = (choice: object): Output => ({ kind: 'choices', choices: [{ index: 0, ...choice }] })
const formsOf = (messages: ReturnType<typeof chatViewOf>['input']) => messages?.map(({ form }) => form)

describe("a text that is none once the page has parsed it, or is another framework's", () => {
  test.each([
    ...[
      'true',
      ' null ',
      '[]',
      '{}',
      '[ ]\n',
      '""',
      "['a', None]",
      "{'name': None, 'tools': ['saw'], 'x': True}",
    ],
    ...['[{"type":"tool-call","toolCallId":"a","toolName":"b"}]', '[{"type":"reasoning"}]'],
    '{"parts":[{"text":"a"}],"role":"model"}',
  ])('%s is read wherever it stands', (text) => {
    const tools = [{ type: 'function', function: { name: text, description: text } }]
    const called = { id: text, type: 'function', function: { name: text, arguments: text } }
    const messages = [
      { role: 'user', name: text, content: [{ type: 'text', text }] },
      { role: 'assistant', content: null, tool_calls: [called] },
      { role: 'tool', tool_call_id: text, content: text },
    ]
    const call = { id: text, name: text, arguments: text }
    const view = viewOf('chat', { messages, tools }, said({ reasoning: text, toolCalls: [call] }))
    expect(formsOf(view.input)).toEqual(['text', 'calls', text.startsWith("['") ? 'table' : 'text'])
    expect(view.output).toMatchObject([{ form: 'text', thinking: [expect.stringContaining(text)] }])
    expect([view.shownTools.length, view.shownCalls, view.countedCalls.length]).toEqual([
      1,
      view.countedCalls,
      1,
    ])
  })

  test.each(['[]', ' {}', '""', 'false', '{"parts":[],"role":"model"}', '[{"type":"tool-result"}]'])(
    'the answer %s is a text',
    (text) => {
      for (const content of [text, [{ type: 'text', text }]]) {
        expect(formsOf(viewOf('chat', hello, said({ content })).output)).toEqual(['text'])
      }
      const item = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }
      expect(formsOf(viewOf('responses', text, { kind: 'items', items: [item] }).output)).toEqual(['text'])
    },
  )

  test('JSON of one own shape, and a dict of Python, stay tables of their values', () => {
    for (const content of ['{"city":"Paris"}', "{'city': 'Paris', 'sunny': True}"]) {
      expect(viewOf('chat', hello, said({ content })).output).toMatchObject([
        { form: 'table', content: { city: 'Paris' } },
      ])
    }
  })
})

test('an answer of calls alone is shown and counted in every API', () => {
  const use = { type: 'tool_use', id: 't', name: 'add', input: { a: 1 } }
  const item = { type: 'function_call', call_id: 't', name: 'add', arguments: '{}' }
  for (const view of [
    viewOf('messages', hello, { kind: 'message', role: 'assistant', content: [use] }),
    viewOf('chat', hello, said({ content: [], toolCalls: [{ id: 't', name: 'add', arguments: '{}' }] })),
    viewOf('responses', 'hi', { kind: 'items', items: [item] }),
  ]) {
    expect(formsOf(view.output)).toEqual(['calls'])
    expect([view.shownCalls, view.countedCalls]).toEqual([['add'], ['add']])
  }
})

test('a request without messages is a chat all the same', () => {
  for (const [operation, input] of [
    ['responses', []],
    ['responses', { input: [], tools: [{ type: 'web_search' }] }],
    ['chat', []],
    ['messages', { messages: [], system: '' }],
  ] as const) {
    expect(viewOf(operation, input, said({ content: 'a' }))).toMatchObject({
      input: [{ title: 'request', content: '[no messages]' }],
      output: [{ form: 'text' }],
    })
  }
})

describe('an answer that was withheld', () => {
  const shownOf = (operation: Operation, output: Output) =>
    viewOf(operation, hello, output).output?.map(({ content }) => content)

  test('says so where it has no text', () => {
    const filtered = { finishReason: 'content_filter' }
    expect(shownOf('chat', said({ content: '', ...filtered }))).toEqual(['[no answer: content_filter]'])
    expect(shownOf('responses', { kind: 'items', items: [], ...filtered })).toEqual([
      '[no answer: content_filter]',
    ])
    const refused = { kind: 'message', role: 'assistant', content: [], finishReason: 'refusal' } as const
    expect(shownOf('messages', refused)).toEqual(['[no answer: refusal]'])
    expect(shownOf('messages', { ...refused, stopDetails: { explanation: 'No.' } })).toEqual(['No.'])
    const thought = { ...refused, content: [{ type: 'thinking', thinking: 'hm' }] }
    expect(shownOf('messages', thought)).toEqual(['[no answer: refusal]'])
  })

  test('keeps what came of it, and any other reason is none', () => {
    const partial = viewOf('chat', hello, said({ content: 'hel', finishReason: 'content_filter' }))
    expect(partial.output).toMatchObject([{ content: 'hel', hidden: [] }])
    const part = { type: 'text', text: 'hel' }
    const message = { kind: 'message', content: [part], finishReason: 'refusal' } as const
    expect(viewOf('messages', hello, message).output).toMatchObject([{ content: [part], hidden: [] }])
    expect(shownOf('chat', said({ content: '', finishReason: 'length' }))).toEqual([''])
  })
})
