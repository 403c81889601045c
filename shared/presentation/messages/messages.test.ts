import { expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import type { Output } from '../../record/output.ts'
import { messagesOfInput, toolsOfInput } from './input.ts'
import type { Message } from './message.ts'
import { messagesOfOutput } from './output.ts'

/** A message in one line: its role, then its parts. */
const shown = ({ role, name, toolCallId, finishReason, parts }: Message): string => {
  const one = (part: Message['parts'][number]): string => {
    if (part.kind === 'tool_call')
      return `call ${part.name}(${part.arguments})${part.id ? ` #${part.id}` : ''}`
    if (part.kind === 'tool_result')
      return `result${part.isError ? ' failed' : ''} #${part.id}: ${part.parts.map(one).join(' + ')}`
    if (part.kind === 'other') return `${part.type} ${JSON.stringify(part.value)}`
    return `${part.kind}: ${part.text}`
  }
  const who = [role, name, toolCallId && `#${toolCallId}`, finishReason && `(${finishReason})`].filter(
    Boolean,
  )
  return `${who.join(' ')} | ${parts.map(one).join(' + ')}`
}

const picture = '[image/png, 20480 bytes, sha256 9f86]'

test.each<[string, Json, string[]]>([
  ['a list of messages', [{ role: 'user', content: 'Hi' }], ['user | text: Hi']],
  [
    'Chat Completions: parts, tool calls, their results',
    {
      messages: [
        { role: 'system', content: 'Be kind.' },
        {
          role: 'user',
          name: 'ada',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image_url', image_url: picture },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{"a":1' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
        { role: 'assistant', content: '', refusal: 'No.' },
      ],
    },
    [
      'system | text: Be kind.',
      `user ada | text: See + image_url {"type":"image_url","image_url":"${picture}"}`,
      'assistant | call f({"a":1) #c1',
      'tool #c1 | text: done',
      'assistant | refusal: No.',
    ],
  ],
  [
    'the Messages API: system, thinking, tool use and results',
    {
      system: [{ type: 'text', text: 'Be kind.' }],
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: 's' },
            { type: 'redacted_thinking', data: 'x' },
            { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 't1',
              is_error: true,
              content: [{ type: 'text', text: 'no' }],
            },
          ],
        },
      ],
    },
    [
      'system | text: Be kind.',
      'assistant | reasoning: Hm. + reasoning: [encrypted by the provider] + call f({"a":1}) #t1',
      'user | result failed #t1: text: no',
    ],
  ],
  [
    'the Responses API: instructions and items',
    {
      instructions: 'Be kind.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
        { type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: 'Hm.' }] },
        { type: 'reasoning', id: 'r', summary: [], encrypted_content: 'x' },
        { type: 'function_call', call_id: 'c1', id: 'fc', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'done' },
        { type: 'mcp_call', id: 'm1', name: 'g', arguments: '{}', output: 'there' },
        { type: 'web_search_call', id: 'w', status: 'completed' },
      ],
    },
    [
      'instructions | text: Be kind.',
      'user | text: Hi',
      'reasoning | reasoning: Hm.',
      'reasoning | reasoning: [not shown by the provider]',
      'function_call | call f({}) #c1',
      'function_call_output | result #c1: text: done',
      'mcp_call | call g({}) #m1 + result #undefined: text: there',
      'web_search_call | web_search_call {"type":"web_search_call","id":"w","status":"completed"}',
    ],
  ],
  ['a prompt', 'Once', ['input | text: Once']],
  ['several prompts', { prompt: ['a', 'b'], suffix: 's' }, ['prompt | text: a', 'prompt | text: b']],
  ['a prompt in tokens', [1, 2, 3], ['input | text: 3 tokens, as numbers']],
  ['a body of another kind', { file: 'x' }, ['input | input {"file":"x"}']],
  [
    'what is in no shape of any API',
    [null, 7, { odd: true }],
    ['input | ', 'input | text: 7', 'item | object {"odd":true}'],
  ],
])('an input is read as messages: %s', (_name, input, expected) => {
  expect(messagesOfInput(input).map(shown)).toEqual(expected)
})

test.each<[Output, string[]]>([
  [
    {
      kind: 'choices',
      choices: [
        { index: 0, reasoning: 'Hm.', content: 'Yes.', finishReason: 'stop' },
        { index: 1, role: 'assistant', toolCalls: [{ id: 'c', name: 'f', arguments: '{}' }] },
      ],
    },
    ['assistant choice 1 (stop) | reasoning: Hm. + text: Yes.', 'assistant choice 2 | call f({}) #c'],
  ],
  [
    { kind: 'message', content: [{ type: 'text', text: 'Yes.' }], finishReason: 'end_turn' },
    ['assistant (end_turn) | text: Yes.'],
  ],
  [
    {
      kind: 'items',
      items: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes.' }] }],
    },
    ['assistant | text: Yes.'],
  ],
  [{ kind: 'text', text: 'spoken' }, ['text | text: spoken']],
  [{ kind: 'vectors', count: 2 }, ['vectors | vectors {"kind":"vectors","count":2}']],
])('an output is read as messages: %j', (output, expected) => {
  expect(messagesOfOutput(output).map(shown)).toEqual(expected)
})

test('the tools of each API are listed by name', () => {
  const tools = [
    { type: 'function', function: { name: 'a', description: 'does a' } },
    { type: 'function', name: 'b' },
    { type: 'web_search' },
  ]
  expect(toolsOfInput({ messages: [], tools, functions: [{ name: 'd' }] }).map(({ name }) => name)).toEqual([
    ...['a', 'b', 'web_search', 'd'],
  ])
  expect(toolsOfInput([{ role: 'user', content: 'x' }])).toEqual([])
})
