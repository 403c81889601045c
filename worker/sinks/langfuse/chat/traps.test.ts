import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../shared/json.ts'
import type { Choice, Output } from '../../../../shared/record/output.ts'
import type { Operation } from '../../../../shared/record/record.ts'
import { chatViewOf } from '../../../../shared/testing/fake-langfuse/chat/chat-view.ts'
import { aFailedRecord, aRecord } from '../../../testing/records.ts'
import { inputOf, parametersBesideInput } from '../data-model/input.ts'
import { outputOf } from '../data-model/output.ts'

// Every content that loses the chat view, hides something or is not counted when it is sent as the provider has it
// (measured on real servers): checked by what Langfuse's own parser and its counting would make of what is sent instead.

const hello: Json = [{ role: 'user', content: 'hi' }]

function viewOf(operation: Operation, input: Json, output?: Output) {
  const { output: _, ...record } = aRecord({ operation, input })
  const sent = output === undefined ? record : { ...record, output }
  const [mappedInput, mappedOutput] = [inputOf(sent) ?? null, outputOf(sent) ?? null]
  return {
    ...chatViewOf(JSON.stringify(mappedInput), JSON.stringify(mappedOutput)),
    mappedInput,
    mappedOutput,
  }
}

const chat = (input: Json) => viewOf('chat', input)
const answer = (...choices: readonly Omit<Choice, 'index'>[]) =>
  viewOf('chat', hello, { kind: 'choices', choices: choices.map((choice, index) => ({ index, ...choice })) })
const responses = (input: Json, items: readonly Json[] = []) =>
  viewOf('responses', input, { kind: 'items', items })

/** Messages as a person reads them: `assistant: hello`. */
const lines = (messages: ReturnType<typeof chatViewOf>['input']) =>
  messages?.map(({ title, form, content }) => `${title}: ${form === 'text' ? textOf(content) : form}`)

const textOf = (content: Json): string =>
  Array.isArray(content)
    ? content.map((part: Json) => (part as { text?: string }).text ?? JSON.stringify(part)).join('|')
    : String(content)

describe('tools', () => {
  test.each<[string, Json, string]>([
    ['a web search', { type: 'web_search' }, 'web_search'],
    ['a dated preview', { type: 'web_search_preview_2025_03_11' }, 'web_search'],
    ['an MCP server', { type: 'mcp', server_label: 'docs', server_url: 'https://x' }, 'mcp.docs'],
    ['a custom tool', { type: 'custom', custom: { name: 'shell', description: null } }, 'shell'],
    ['a function', { type: 'function', function: { name: 'add', parameters: null } }, 'add'],
    ["the Responses API's function", { type: 'function', name: 'add', strict: null }, 'add'],
    ["Anthropic's", { name: 'add', input_schema: { type: 'object' } }, 'add'],
    ["Gemini's", { google_search: {} }, 'google_search'],
    [
      'a function whose texts were measured',
      { type: 'function', function: { name: 'add', parameters: '[9 characters]' } },
      'add',
    ],
    [
      'a description that is JSON',
      { type: 'function', function: { name: 'add', description: '{"a":1}' } },
      'add',
    ],
  ])('%s has a name, and is shown and stored', (_, tool, name) => {
    const view = chat({ messages: hello, tools: [tool] })
    expect(lines(view.input)).toEqual(['user: hi'])
    expect([view.shownTools, view.declaredTools]).toEqual([[name], [name]])
  })

  test('what the answer has to be stands beside the tools, once', () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } }
    const parameters = { temperature: 1, response_format, tool_choice: 'required' }
    const record = aRecord({
      input: { messages: hello, tools: [{ type: 'web_search' }] },
      request: { stream: false, parameters, bodyBytes: 0, retry: 0 },
    })
    const { messages: _, tools: __, ...others } = inputOf(record) as JsonObject
    expect(others).toEqual({ response_format, tool_choice: 'required' })
    expect(parametersBesideInput(record)).toEqual({ temperature: 1 })
    expect(chatViewOf(JSON.stringify(inputOf(record)), 'a').input).toHaveLength(1)
    const { input: ___, ...unrecorded } = record
    expect(parametersBesideInput(unrecorded)).toEqual(parameters)
  })

  test.each(['true', 'null', '[1]'])('the name %s, which its page would parse, hides nothing', (name) => {
    const definition = { type: 'function', function: { name } }
    const called = {
      role: 'assistant',
      content: 'a',
      tool_calls: [{ id: name, function: { name, arguments: '' } }],
    }
    const result = { role: 'tool', name, tool_call_id: name, content: 'b' }
    const view = chat({ messages: [{ role: name, content: 'hi' }, called, result], tools: [definition] })
    expect(view.input).toHaveLength(3)
    expect(view.shownTools).toEqual([`${name}()`])
    expect(answer({ toolCalls: [{ id: name, name, arguments: '' }] }).countedCalls).toEqual([`${name}()`])
  })

  test('deprecated functions are tools', () => {
    const view = chat({ messages: hello, functions: [{ name: 'add', parameters: {} }] })
    expect([view.shownTools, view.additionalInput]).toEqual([['add'], ['tools']])
  })

  test('what capture left of a long list hides nothing', () => {
    const view = chat({
      messages: [...(hello as readonly Json[]), '[7 more entries]'],
      tools: ['[2 more entries]'],
    })
    expect(lines(view.input)).toEqual(['user: hi', 'left out: [7 more entries]'])
  })
})

describe('messages', () => {
  test.each<[string, Json, string]>([
    [
      'null keys',
      { role: 'assistant', content: 'a', audio: null, tool_calls: null, function_call: null, name: null },
      'assistant: a',
    ],
    [
      'the id of earlier audio',
      { role: 'assistant', content: 'a', audio: { id: 'audio_1' } },
      'assistant: a',
    ],
    [
      'a transcript',
      { role: 'assistant', content: null, audio: { id: 'audio_1', transcript: 'a' } },
      'assistant: a',
    ],
    ['a number', { role: 'user', content: 7 }, 'user: 7'],
    ['a text alone', 'a', 'user: a'],
    ['no role', { content: 'a' }, 'user: a'],
    ['an object', { role: 'user', content: { a: 1 } }, 'user: ```json\n{"a":1}\n```'],
    ['a single part', { role: 'user', content: { type: 'text', text: 'a' } }, 'user: a'],
    ['an unknown role', { role: 'developer', content: 'a' }, 'developer: a'],
    ['a refusal', { role: 'assistant', content: null, refusal: 'no' }, 'assistant: no'],
    [
      'keys of the schema',
      { role: 'user', content: 'a', tools: ['x'], additional_kwargs: 1, parts: [], thinking: 3 },
      'user: a',
    ],
    ['a placeholder', { role: 'user', content: 'a', type: 'placeholder' }, 'user: a'],
    ['the text true', { role: 'user', content: 'true' }, 'user: ```json\ntrue\n```'],
    ['the text null', { role: 'user', content: ' null ' }, 'user: ```json\n null \n```'],
    ['a number and a line break', { role: 'user', content: '42\n' }, 'user: 42\n'],
    ['a number as text', { role: 'user', content: '42' }, 'user: 42'],
    ['a tool result', { role: 'tool', tool_call_id: 'c', content: 'sunny' }, 'tool: sunny'],
    ['the result of a function', { role: 'function', name: 'weather', content: 'sunny' }, 'weather: sunny'],
  ])('a message with %s stays a message', (_, message, line) => {
    expect(lines(chat([message]).input)).toEqual([line])
  })

  test.each<[string, Json, string]>([
    ['a text', { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }, 'a'],
    ['an input text', { type: 'input_text', text: 'a' }, 'a'],
    ['a text that is JSON', { type: 'text', text: '{"a":1}' }, '```json\n{"a":1}\n```'],
    ['the text true', { type: 'text', text: 'true' }, '```json\ntrue\n```'],
    [
      "Mistral's image",
      { type: 'image_url', image_url: 'https://x/a.png' },
      '{"type":"image_url","image_url":{"url":"https://x/a.png"}}',
    ],
    [
      'an image by URL',
      { type: 'image_url', image_url: { url: 'https://x/a.png', detail: 'original' } },
      '{"type":"image_url","image_url":{"url":"https://x/a.png"}}',
    ],
    [
      'an image by URL alone',
      { type: 'input_image', image_url: 'https://x/a.png', detail: 'low' },
      '{"type":"image_url","image_url":{"url":"https://x/a.png","detail":"low"}}',
    ],
    [
      'an image that capture described',
      { type: 'image_url', image_url: { url: '[image/png, 9 bytes, sha256 ab]' } },
      '[image/png, 9 bytes, sha256 ab]',
    ],
    [
      'an image as data',
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      '[image, 26 characters]',
    ],
    [
      'audio',
      { type: 'input_audio', input_audio: { data: '[base64, 9 bytes, sha256 ab]', format: 'wav' } },
      '[audio/wav, 9 bytes, sha256 ab]',
    ],
    [
      'a file',
      { type: 'file', file: { filename: 'a.pdf', file_data: '[application/pdf, 9 bytes, sha256 ab]' } },
      'a.pdf [application/pdf, 9 bytes, sha256 ab]',
    ],
    ['a file by id', { type: 'input_file', file_id: 'file-1' }, 'file-1'],
    ['a refusal', { type: 'refusal', refusal: 'no' }, 'no'],
    [
      'an unknown part',
      { type: 'hologram', depth: 3, none: null },
      '```json\n{"type":"hologram","depth":3}\n```',
    ],
    [
      "Anthropic's image",
      {
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: '[base64, 9 bytes, sha256 ab]' },
      },
      '[image/png, 9 bytes, sha256 ab]',
    ],
    [
      "Anthropic's image by URL",
      { type: 'image', source: { type: 'url', url: 'https://x/a.png' } },
      '{"type":"image_url","image_url":{"url":"https://x/a.png"}}',
    ],
    [
      "Anthropic's document",
      {
        type: 'document',
        title: 'a.pdf',
        source: { type: 'base64', media_type: 'application/pdf', data: '[base64, 9 bytes, sha256 ab]' },
      },
      'a.pdf [application/pdf, 9 bytes, sha256 ab]',
    ],
    ['a text without its type', 'a', 'a'],
    [
      'an uploaded medium',
      '@@@langfuseMedia:type=application/pdf|id=a|source=bytes@@@',
      '"@@@langfuseMedia:type=application/pdf|id=a|source=bytes@@@"',
    ],
    [
      'an uploaded image',
      { type: 'image_url', image_url: { url: '@@@langfuseMedia:type=image/png|id=a|source=bytes@@@' } },
      '{"type":"image_url","image_url":{"url":"@@@langfuseMedia:type=image/png|id=a|source=bytes@@@"}}',
    ],
  ])('%s among the parts keeps its message readable', (_, part, text) => {
    expect(lines(chat([{ role: 'user', content: [{ type: 'text', text: 'see' }, part] }]).input)).toEqual([
      `user: see|${text}`,
    ])
  })

  test.each<[string, Json]>([
    ['without an id', { function: { name: 'add', arguments: '{}' } }],
    [
      'with an id of null',
      { id: null, type: 'function', function: { name: 'add', arguments: '{}' }, index: null },
    ],
    ['of a custom tool', { id: 'c', type: 'custom', custom: { name: 'add', input: 'x' } }],
    ['with half its arguments', { id: 'c', type: 'function', function: { name: 'add', arguments: '{"a"' } }],
    [
      'with arguments as an object',
      { id: 'c', type: 'function', function: { name: 'add', arguments: { a: 1 } } },
    ],
  ])('a call %s in the history keeps its message', (_, call) => {
    const view = chat([{ role: 'assistant', content: null, tool_calls: [call] }])
    expect(view.input).toMatchObject([{ title: 'assistant', form: 'calls' }])
  })

  test('a call of a custom tool is sent in the function form, and no key is null', () => {
    const call = { id: 'c', type: 'custom', custom: { name: 'shell', input: 'ls' }, index: null }
    const view = chat([
      { role: 'assistant', content: 'a', annotations: null, refusal: null, tool_calls: [call], name: null },
    ])
    expect(view.mappedInput).toEqual({
      messages: [
        {
          role: 'assistant',
          content: 'a',
          tool_calls: [
            { id: 'c', type: 'function', function: { name: 'shell', arguments: '{"input":"ls"}' } },
          ],
        },
      ],
    })
  })

  test.each(['{"name":null,"a":1,"b":2}', '{"content":7,"deep":{}}', '{"tools":["x"],"a":1,"b":2}'])(
    'the result %s of a tool breaks neither its own message nor the others',
    (content) => {
      const messages = [
        { role: 'user', content: 'hi' },
        { role: 'tool', tool_call_id: 'c', content },
      ]
      const readable = ['user: hi', `tool: \`\`\`json\n${content}\n\`\`\``]
      expect(lines(chat(messages).input)).toEqual(readable)
      const items = [
        { role: 'user', content: 'hi' },
        { type: 'function_call_output', call_id: 'c', output: content },
      ]
      expect(lines(responses(items).input)).toEqual(readable)
    },
  )

  test("Gemini's parts are content", () => {
    const parts = [
      { text: 'hi' },
      { inline_data: { mime_type: 'image/png', data: '[base64, 9 bytes, sha256 ab]' } },
    ]
    expect(lines(chat([{ role: 'model', parts }]).input)).toEqual([
      'model: hi|```json\n{"inline_data":{"mime_type":"image/png","data":"[base64, 9 bytes, sha256 ab]"}}\n```',
    ])
  })

  test("Anthropic's blocks become calls, results, thinking and text", () => {
    const view = chat({
      system: [{ type: 'text', text: 'be kind', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 's' },
            { type: 'text', text: 'let me see' },
            { type: 'tool_use', id: 't1', name: 'add', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: '2' }] }],
        },
      ],
      tools: [{ name: 'add', input_schema: { type: 'object' } }],
    })
    expect(lines(view.input)).toEqual(['system: be kind', 'assistant: let me see', 'tool: 2'])
    expect(view.input?.[1]?.thinking).toEqual(['hm'])
    expect(view.mappedInput).toMatchObject({
      messages: [
        {},
        { tool_calls: [{ id: 't1', function: { name: 'add', arguments: '{"a":1}' } }] },
        { tool_call_id: 't1' },
      ],
    })
  })
})

describe('answers', () => {
  test('a call without an id is shown and counted, and so is each of several under one id', () => {
    const view = answer({
      toolCalls: [
        { name: 'add', arguments: '' },
        { name: 'add', arguments: '{}' },
      ],
    })
    expect([view.shownCalls, view.countedCalls]).toEqual([
      ['add', 'add'],
      ['add', 'add'],
    ])
    const same = answer({
      toolCalls: [
        { id: 'c', name: 'add', arguments: '' },
        { id: 'c', name: 'sub', arguments: '{}' },
      ],
    })
    expect(same.countedCalls).toEqual(['add', 'sub'])
  })

  test('reasoning is shown, with calls and without a text', () => {
    const view = answer({ reasoning: 'hm', toolCalls: [{ id: 'c', name: 'add', arguments: '{}' }] })
    expect(view.output).toMatchObject([{ form: 'text', thinking: ['hm'], hidden: [] }])
    expect(answer({ reasoning: '{"plan":1}', content: 'a' }).output?.[0]?.thinking).toEqual([
      '```json\n{"plan":1}\n```',
    ])
  })

  test('a refusal and the transcript of spoken words are read as text', () => {
    expect(lines(answer({ refusal: 'no' }).output)).toEqual(['assistant: no'])
    expect(lines(answer({ audioTranscript: 'hello' }).output)).toEqual(['assistant: hello'])
  })

  test('several choices are told apart, all shown and all counted', () => {
    const view = answer({ content: 'a' }, { toolCalls: [{ id: 'c', name: 'add', arguments: '' }] })
    expect(view.output?.map(({ title }) => title)).toEqual(['choice 1', 'choice 2'])
    expect([view.shownCalls, view.countedCalls]).toEqual([['add'], ['add']])
  })

  test('a role that only its provider knows hides no calls', () => {
    const toolCalls = [{ id: 'c', name: 'add', arguments: '' }]
    expect(answer({ role: 'model', toolCalls }, { role: 'model', content: 'a' }).shownCalls).toEqual(['add'])
  })

  test('annotations, log probabilities and what the provider ran stand behind a button', () => {
    const view = answer({
      content: 'a',
      annotations: [{ url: 'x' }],
      logprobs: { content: [] },
      executedTools: [{}],
    })
    expect(view.output).toMatchObject([
      { form: 'text', hidden: ['annotations', 'executed_tools', 'logprobs'] },
    ])
  })

  test('a failed call shows its error, also where a stream left an empty choice', () => {
    const failed = aFailedRecord()
    const error = { error: { message: 'slow down', type: 'rate_limit_exceeded', code: 429 } }
    expect(outputOf(failed)).toEqual(error)
    const empty = { kind: 'choices', choices: [{ index: 0, role: 'assistant' }] } as const
    expect(outputOf({ ...failed, output: empty })).toEqual(error)
    expect(chatViewOf({ messages: hello }, error).output).toMatchObject([{ form: 'table' }])
    for (const left of [
      { kind: 'message', content: [] },
      { kind: 'items', items: [] },
      { kind: 'text', text: '' },
    ] as const) {
      expect(outputOf({ ...failed, output: left })).toEqual(error)
    }
    const partial = { kind: 'choices', choices: [{ index: 0, content: 'hel' }] } as const
    expect(outputOf({ ...failed, output: partial })).toEqual({ role: 'assistant', content: 'hel' })
  })
})

describe('the Responses API', () => {
  const text = (value: string): Json => ({
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text: value, annotations: [] }],
  })

  test('a text alone is a chat', () => {
    expect(lines(responses('hi').input)).toEqual(['user: hi'])
  })

  test('instructions, items and built-in tools are a chat with every tool named', () => {
    const view = responses({
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        { type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: 'hm' }] },
        { type: 'function_call', call_id: 'c1', name: 'add', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: '2' },
        { type: 'custom_tool_call', call_id: 'c2', name: 'shell', input: 'ls' },
        { type: 'custom_tool_call_output', call_id: 'c2', output: [{ type: 'output_text', text: 'a' }] },
        { type: 'item_reference', id: 'i' },
      ],
      instructions: 'be kind',
      tools: [{ type: 'web_search' }, { type: 'function', name: 'add', parameters: {} }],
    })
    expect(view.input?.map(({ title, form }) => `${title} ${form}`)).toEqual([
      'system text',
      'user text',
      'assistant text',
      'tool text',
      'assistant calls',
      'tool text',
      'item_reference text',
    ])
    expect(view.shownTools).toEqual(['web_search', 'add'])
    expect(view.additionalInput).toEqual(['tools'])
  })

  test('reasoning, text and a call of the output are one message, shown and counted', () => {
    const view = responses('hi', [
      {
        type: 'reasoning',
        summary: [
          { type: 'summary_text', text: 'a' },
          { type: 'summary_text', text: 'b' },
        ],
      },
      text('hello'),
      { type: 'function_call', id: 'f', call_id: 'c1', name: 'add', arguments: '{"a":1}' },
    ])
    expect(view.output).toMatchObject([
      { title: 'assistant', form: 'text', content: 'hello', thinking: ['a\nb'] },
    ])
    expect([view.shownCalls, view.countedCalls]).toEqual([['add'], ['add']])
    expect(view.mappedOutput).not.toBeInstanceOf(Array)
  })

  test('all parts of a text survive, with their annotations', () => {
    const parts = ['a', 'b'].map((part) => ({
      type: 'output_text',
      text: part,
      annotations: [{ url: part }],
    }))
    const view = responses('hi', [{ type: 'message', role: 'assistant', content: parts }])
    expect(lines(view.output)).toEqual(['assistant: ab'])
    expect(view.mappedOutput).toMatchObject({ annotations: [{ url: 'a' }, { url: 'b' }] })
  })

  test('encrypted reasoning is shown as such', () => {
    const view = responses('hi', [{ type: 'reasoning', summary: [], encrypted_content: 'x' }, text('a')])
    expect(view.mappedOutput).toMatchObject({ redacted_thinking: [{ type: 'redacted_thinking', data: 'x' }] })
  })

  test('calls that the provider ran itself are shown, counted and followed by their results, in order', () => {
    const view = responses('hi', [
      { type: 'reasoning', summary: [] },
      { type: 'web_search_call', id: 'w', action: { type: 'search', query: 'x' }, status: 'completed' },
      { type: 'file_search_call', id: 'f', queries: ['q'], results: null },
      { type: 'code_interpreter_call', id: 'i', code: '1+1', outputs: [{ type: 'logs', logs: '2' }] },
      { type: 'mcp_call', id: 'm', server_label: 'docs', name: 'read', arguments: '{}', output: 'page' },
      { type: 'image_generation_call', id: 'g', size: '1x1', result: '[base64, 9 bytes, sha256 ab]' },
      { type: 'computer_call', call_id: 'p', id: 'x', action: { type: 'click' } },
      { type: 'mcp_list_tools', id: 'l', server_label: 'docs', tools: [] },
      text('done'),
    ])
    const names = [
      'web_search',
      'file_search',
      'code_interpreter',
      'docs.read',
      'image_generation',
      'computer',
    ]
    expect([view.shownCalls, view.countedCalls]).toEqual([names, names])
    expect(view.output?.map(({ title }) => title)).toEqual([
      'assistant',
      'tool',
      'assistant',
      'tool',
      'assistant',
      'tool',
      'assistant',
      'mcp_list_tools',
      'assistant',
    ])
    expect(view.output?.map(({ form }) => form)).not.toContain('table')
  })

  test('a structured answer stays the JSON that it is', () => {
    const view = responses('hi', [
      text('{"a":1}'),
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '' },
    ])
    expect(view.mappedOutput).toMatchObject({ content: '{"a":1}' })
  })

  test('the output of a tool without a text of its own is shown whole, and an empty text not at all', () => {
    const view = responses('hi', [
      { type: 'tool_search_output', call_id: 's', execution: 'server', tools: [{ name: 'add' }] },
      text(''),
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '' },
    ])
    expect(lines(view.output)).toEqual([
      'tool: ```json\n{"execution":"server","tools":[{"name":"add"}]}\n```',
      'assistant: calls',
    ])
  })

  test('texts between calls keep their place', () => {
    const call = (id: string): Json => ({ type: 'function_call', call_id: id, name: id, arguments: '' })
    const view = responses('hi', [text('one'), call('a'), text('two'), text('three'), call('b')])
    expect(view.output?.map(({ content }) => content)).toEqual(['one', 'two', 'three'])
    expect(view.countedCalls).toEqual(['a', 'b'])
  })
})

describe('other operations', () => {
  test('prompts of completions are messages', () => {
    expect(lines(viewOf('text_completion', 'a').input)).toEqual(['user: a'])
    expect(viewOf('text_completion', 'true').input).toHaveLength(1)
    expect(lines(viewOf('text_completion', { prompt: ['a', 'b'], suffix: 's' }).input)).toEqual([
      'user: a',
      'user: b',
    ])
  })

  test('a list of texts to embed is an object, and a text stays one', () => {
    expect(viewOf('embeddings', ['a', 'b']).mappedInput).toEqual({ input: ['a', 'b'] })
    expect(viewOf('embeddings', 'a').mappedInput).toBe('a')
  })

  test('the record keeps the shape of its provider', () => {
    const record = aRecord({
      operation: 'responses',
      input: { input: 'hi', tools: [{ type: 'web_search' }] },
    })
    const before = JSON.stringify(record)
    inputOf(record)
    outputOf(record)
    expect(JSON.stringify(record)).toBe(before)
  })
})
