import { expect, test } from 'vitest'
import { asks, assistant, createCaller, result, system, tools, user } from './testing/calls.ts'

const question = user('What is the weather in Paris and in Rome?')
const ask = asks(
  ['call_paris_J3ajtA7qivsw', 'get_weather', { city: 'Paris' }],
  ['call_rome_K9sdfA7qivsw', 'get_weather', { city: 'Rome' }],
)
const results = [result('call_paris_J3ajtA7qivsw', 'sunny'), result('call_rome_K9sdfA7qivsw', 'rainy')]
const agent = { tools: tools('get_weather') }
const instructions = system('You are a helpful weather assistant. Today is Friday, 27 November.')

test('calls of one agent are one run, with a span per tool between them', () => {
  const caller = createCaller()
  const first = caller.chat({ messages: [instructions, question], ...agent }, ask)
  const askedAt = caller.endedAt()
  caller.pass(5_000)
  const second = caller.chat(
    { messages: [instructions, question, ask, ...results], ...agent },
    'Mixed weather.',
  )

  expect(first.link).toEqual({ kind: 'none' })
  expect(second.link).toEqual({ kind: 'tool_id', relation: 'step', parentCallId: first.id })
  expect(second.traceId).toBe(first.traceId)
  expect(first.run).toMatchObject({ conversationId: first.traceId, turn: 1, step: 1 })
  expect(second.run).toEqual({ ...first.run, step: 2 })
  expect(first.run.agent).toMatchObject({ name: 'agent_weather_assistant' })
  const common = { parentSpanId: first.run.agent?.spanId, askedBy: first.id, name: 'get_weather' }
  const times = { startedAt: askedAt, endedAt: askedAt + 6_000 }
  expect(second.toolSpans).toMatchObject([
    { ...common, ...times, callId: 'call_paris_J3ajtA7qivsw', arguments: { city: 'Paris' }, result: 'sunny' },
    { ...common, ...times, callId: 'call_rome_K9sdfA7qivsw', arguments: { city: 'Rome' }, result: 'rainy' },
  ])
  expect(new Set(second.toolSpans.map(({ spanId }) => spanId)).size).toBe(2)
})

test('a new message after an answer is a turn: a run of its own in the same conversation', () => {
  const caller = createCaller()
  const first = caller.chat({ messages: [question] }, 'It is sunny in both of them.')
  const history = [question, assistant('It is sunny in both of them.')]
  const second = caller.chat({ messages: [...history, user('And tomorrow?')] }, 'Rainy, unfortunately.')

  expect(second.link).toEqual({ kind: 'history', relation: 'turn', parentCallId: first.id })
  expect(second.traceId).not.toBe(first.traceId)
  expect(second.run).toEqual({ conversationId: first.run.conversationId, turn: 2, step: 1 })
})

test('a chain of responses is a conversation, and its tools come back by their ids alone', () => {
  const caller = createCaller()
  const call = {
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_u7Hs92kdLs8f',
    name: 'now',
    arguments: '{}',
  }
  const output = { type: 'function_call_output', call_id: 'call_u7Hs92kdLs8f', output: 'noon' }
  const first = caller.responses({ input: 'What time is it?' }, [call], { responseId: 'resp_1' })
  const second = caller.responses({ input: [output], previous_response_id: 'resp_1' }, [], {
    responseId: 'resp_2',
  })
  const third = caller.responses({ input: 'Thanks!', previous_response_id: 'resp_2' }, [])

  expect(second.link).toEqual({ kind: 'response_id', relation: 'step', parentCallId: first.id })
  expect(second.toolSpans).toMatchObject([{ askedBy: first.id, callId: call.call_id, result: 'noon' }])
  expect(third.link).toEqual({ kind: 'response_id', relation: 'turn', parentCallId: second.id })
  expect(third.run).toMatchObject({ conversationId: first.traceId, turn: 2 })
})

test('an unknown response is a new run, and says so', () => {
  const caller = createCaller()
  const call = caller.responses({ input: 'Go on', previous_response_id: 'resp_elsewhere' }, [])
  expect(call.link).toEqual({ kind: 'none', refused: 'response_id_unknown' })
})

test('calls of a stored conversation follow each other', () => {
  const caller = createCaller()
  const first = caller.responses({ input: 'Hello', conversation: 'conv_1' }, [])
  const second = caller.responses({ input: 'Go on', conversation: { id: 'conv_1' } }, [])
  expect(second.link).toEqual({ kind: 'conversation', relation: 'turn', parentCallId: first.id })
})

test('encrypted reasoning and signatures of thinking lead to the call that made them', () => {
  const caller = createCaller()
  const reasoning = {
    type: 'reasoning',
    id: 'rs_0912',
    encrypted_content: 'gAAAAABowfofynE_bcBtlQwnphMqkyKv',
  }
  const first = caller.responses({ input: 'Think' }, [reasoning, { type: 'message', content: 'Yes' }])
  const { id: _, ...withoutId } = reasoning
  const second = caller.responses({ input: [user('Changed'), withoutId, user('And?')] }, [])
  expect(second.link).toMatchObject({ kind: 'item', parentCallId: first.id })

  const thought = { type: 'thinking', thinking: 'Hm', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h' }
  const third = caller.messages({ messages: [user('Think')] }, [thought])
  const fourth = caller.messages(
    { messages: [user('Other'), { role: 'assistant', content: [thought] }, user('And?')] },
    [],
  )
  expect(fourth.link).toMatchObject({ kind: 'item', parentCallId: third.id })
})

test('tool use of the Messages API, with an error as the protocol marks it', () => {
  const caller = createCaller()
  const use = { type: 'tool_use', id: 'toolu_01A09q90qw90lq917835lq9', name: 'read', input: { path: '/x' } }
  const answer = { type: 'tool_result', tool_use_id: use.id, content: 'no such file', is_error: true }
  const first = caller.messages({ messages: [user('Read x')], tools: [{ name: 'read' }] }, [use])
  const messages = [
    user('Read x'),
    { role: 'assistant', content: [use] },
    { role: 'user', content: [answer] },
  ]
  const second = caller.messages({ messages, tools: [{ name: 'read' }] }, [])
  expect(second.link).toMatchObject({ kind: 'tool_id', parentCallId: first.id })
  expect(second.toolSpans).toMatchObject([
    { name: 'read', arguments: { path: '/x' }, result: 'no such file', isError: true },
  ])
})

test('another agent that goes on has been handed over to: a span of its own in the same trace, and back again', () => {
  const caller = createCaller()
  const other = { tools: tools('book_hotel') }
  const expert = system('You are a travel agent.')
  const over = asks(['call_transfer_8sKd02jdLsa', 'transfer_to_travel', {}])
  const back = asks(['call_back_92jdKs8sKs0dLs', 'transfer_to_weather', {}])
  const [done, doneToo] = [
    result('call_transfer_8sKd02jdLsa', 'ok'),
    result('call_back_92jdKs8sKs0dLs', 'ok'),
  ]
  const first = caller.chat({ messages: [instructions, question], ...agent }, over)
  const second = caller.chat({ messages: [expert, question, over, done], ...other }, back)
  const third = caller.chat(
    { messages: [instructions, question, over, done, back, doneToo], ...agent },
    'Done.',
  )

  expect(second.link).toMatchObject({ kind: 'tool_id', relation: 'handoff' })
  expect(second.traceId).toBe(first.traceId)
  expect(second.run.agent).toMatchObject({
    name: 'agent_travel_agent',
    parentSpanId: first.run.agent?.spanId,
  })
  expect(second.run.root?.spanId).toBe(first.run.agent?.spanId)
  expect(third.run.agent).toEqual(first.run.agent)
})

test('agents without tools that hand over to each other have spans of their own', () => {
  const caller = createCaller()
  const step = (at: number) =>
    [asks([`call_8sKd02jdLsa${at}`, 'hand_over', {}]), result(`call_8sKd02jdLsa${at}`, 'ok')] as const
  const [writer, editor] = [system('You are a writer.'), system('You are an editor.')]
  const history = [question, ...step(1)]
  caller.chat({ messages: [instructions, question], ...agent }, step(1)[0])
  const writing = caller.chat({ messages: [writer, ...history] }, step(2)[0])
  const editing = caller.chat({ messages: [editor, ...history, ...step(2)] }, step(3)[0])
  const again = caller.chat({ messages: [writer, ...history, ...step(2), ...step(3)] }, 'Done.')
  expect([writing, editing, again].map(({ link }) => link.relation)).toEqual([
    'handoff',
    'handoff',
    'handoff',
  ])
  expect([writing, editing].map(({ run }) => run.agent?.name)).toEqual(['agent_writer', 'agent_editor'])
  expect(editing.run.agent?.spanId).not.toBe(writing.run.agent?.spanId)
  expect(again.run.agent).toEqual(writing.run.agent)
})

test('an agent that runs as a tool is under that tool', () => {
  const caller = createCaller()
  const task = 'Translate the sentence "the weather is nice" to French.'
  const delegate = asks(['call_translate_02jdLsa8sKd', 'translator', { input: task }])
  const first = caller.chat({ messages: [instructions, question], ...agent }, delegate)
  const child = caller.chat({ messages: [system('You translate.'), user(task)] }, 'Il fait beau.')
  const messages = [instructions, question, delegate, result('call_translate_02jdLsa8sKd', 'Il fait beau.')]
  const last = caller.chat({ messages, ...agent }, 'Il fait beau.')

  expect(child.link).toEqual({ kind: 'subagent', relation: 'subagent', parentCallId: first.id })
  expect(child.traceId).toBe(first.traceId)
  expect(last.traceId).toBe(first.traceId)
  expect(child.run.agent?.parentSpanId).toBe(last.toolSpans[0]?.spanId)
  expect(last.run.agent).toEqual(first.run.agent)
})

test('an argument within a longer first message is recognised too', () => {
  const caller = createCaller()
  const task = 'Find out which of the three largest cities of Italy has the best weather.'
  const delegate = asks(['call_delegate_02jdLsa8sKd', 'delegate', { member: 'x', task }])
  const first = caller.chat({ messages: [question], ...agent }, delegate)
  const wrapped = user(`You are a member of a team.\n<task>\n${task}\n</task>\nAnswer briefly.`)
  const child = caller.chat({ messages: [system('You search.'), wrapped] }, 'Rome.')
  expect(child.link).toMatchObject({ kind: 'subagent', parentCallId: first.id })
})

test('tools that the provider runs itself are spans within the call', () => {
  const caller = createCaller()
  const search = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { query: 'weather' } }
  const mcp = {
    ...{ type: 'mcp_call', id: 'mcp_1', server_label: 'dice', name: 'roll', arguments: '{"n":2}' },
    ...{ output: null, error: 'no dice' },
  }
  const call = caller.responses({ input: 'Search' }, [search, mcp])
  expect(call.toolSpans).toMatchObject([
    { name: 'web_search', arguments: { query: 'weather' }, byProvider: true, parentSpanId: call.spanId },
    { name: 'dice.roll', arguments: { n: 2 }, result: 'no dice', isError: true, byProvider: true },
  ])
  const use = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'weather' } }
  const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [{ title: 'Sun' }] }
  const message = caller.messages({ messages: [user('Search')] }, [use, found])
  expect(message.toolSpans).toMatchObject([
    { name: 'web_search', arguments: { query: 'weather' }, result: [{ title: 'Sun' }], byProvider: true },
  ])
})

test('a compacted conversation goes on as the same one', () => {
  const caller = createCaller()
  const summary = { type: 'compaction', id: 'cmp_0a1b2c3d4e5f', encrypted_content: 'gAAAAABp0a1b2c3d4e5f' }
  const first = caller.responses({ input: 'Hello' }, [], { responseId: 'resp_1' })
  const compacted = caller.responses({ previous_response_id: 'resp_1' }, [summary])
  const next = caller.responses({ input: [summary, user('Go on')] }, [])
  expect(compacted.link).toMatchObject({ kind: 'response_id', relation: 'step' })
  expect(next.link).toMatchObject({ kind: 'item', relation: 'turn', compacted: true })
  expect(next.run.conversationId).toBe(first.run.conversationId)
})

test('results of text, as agents without tool calls send them, are steps', () => {
  const caller = createCaller()
  const thought = 'Thought: I need a tool.\nAction: multiply\nAction Input: {"a": 2, "b": 3}'
  const first = caller.chat({ messages: [question] }, thought)
  const rewritten = assistant(thought.replaceAll('"', "'"))
  const second = caller.chat({ messages: [question, rewritten, user('Observation: 6')] }, 'Answer: 6')
  expect(second.link).toEqual({ kind: 'history', relation: 'step', parentCallId: first.id })
  expect(second.traceId).toBe(first.traceId)
  expect(first.run.agent).toBeDefined()
  expect(second.run.agent).toEqual(first.run.agent)
})
