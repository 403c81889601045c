import { expect, test } from 'vitest'
import { asks, assistant, createCaller, result, system, tools, user } from './testing/calls.ts'

// What looks like one run and is two, or like two and is one.

const question = user('What is the weather in Paris?')
const agent = { tools: tools('get_weather') }
const ask = (id: string | undefined) => asks([id, 'get_weather', { city: 'Paris' }])
const longId = 'call_J3ajtA7qivswzXp8A9sJ'
const answer = 'The weather in Paris is sunny.'

test('equal first prompts are two runs', () => {
  const caller = createCaller()
  const first = caller.chat({ messages: [question] }, answer)
  const second = caller.chat({ messages: [question] }, answer)
  expect(second.link).toEqual({ kind: 'none' })
  expect(second.traceId).not.toBe(first.traceId)
})

test('ids that are reused are told apart by the history before them', () => {
  const caller = createCaller()
  const [paris, rome] = [user('Weather in Paris, please.'), user('Weather in Rome, please.')]
  const first = caller.chat({ messages: [paris], ...agent }, ask('call_0'))
  const second = caller.chat({ messages: [rome], ...agent }, ask('call_0'))
  const third = caller.chat(
    { messages: [paris, ask('call_0'), result('call_0', 'sunny')], ...agent },
    ask('call_0'),
  )
  const fourth = caller.chat({ messages: [rome, ask('call_0'), result('call_0', 'rainy')], ...agent }, answer)
  expect(third.link.parentCallId).toBe(first.id)
  expect(fourth.link.parentCallId).toBe(second.id)
})

test('the same id twice within one run names two tool calls', () => {
  const caller = createCaller()
  const history = [question, ask('call_0'), result('call_0', 'sunny')]
  caller.chat({ messages: [question], ...agent }, ask('call_0'))
  const second = caller.chat({ messages: history, ...agent }, ask('call_0'))
  const third = caller.chat(
    { messages: [...history, ask('call_0'), result('call_0', 'rainy')], ...agent },
    answer,
  )
  expect(third.link.parentCallId).toBe(second.id)
  expect(second.toolSpans).toMatchObject([{ result: 'sunny' }])
  expect(third.toolSpans).toMatchObject([{ result: 'rainy' }])
})

test('a name with a number is no id of its own, however long', () => {
  const caller = createCaller()
  const id = 'functions.get_weather:0'
  caller.chat({ messages: [user('Weather in Rome, please.')], ...agent }, ask(id))
  const call = caller.chat({ messages: [question, ask(id), result(id, 'sunny')], ...agent }, answer)
  expect(call.link).toEqual({ kind: 'none', refused: 'history_unknown' })
})

test('two calls that fit equally well are refused', () => {
  const caller = createCaller()
  caller.chat({ messages: [question], ...agent }, ask('call_0'))
  caller.chat({ messages: [question], ...agent }, ask('call_0'))
  const call = caller.chat(
    { messages: [question, ask('call_0'), result('call_0', 'sunny')], ...agent },
    answer,
  )
  expect(call.link).toEqual({ kind: 'none', refused: 'ambiguous' })
  expect(call.toolSpans).toEqual([])
})

test('of two twins the one that has not gone on yet is continued', () => {
  const caller = createCaller()
  const first = caller.chat({ messages: [question], ...agent }, ask(longId))
  caller.chat({ messages: [question, ask(longId), result(longId, 'sunny')], ...agent }, answer)
  const twin = caller.chat({ messages: [question], ...agent }, ask(longId))
  const second = caller.chat({ messages: [question, ask(longId), result(longId, 'rainy')], ...agent }, answer)
  expect(second.link).toMatchObject({ kind: 'tool_id', parentCallId: twin.id })
  expect(second.traceId).not.toBe(first.traceId)
})

test('one template and two answers are two conversations', () => {
  const caller = createCaller()
  const [sunny, rainy] = [
    assistant('It is sunny in Paris today.'),
    assistant('It is raining in Paris today.'),
  ]
  const first = caller.chat({ messages: [question] }, sunny.content)
  const second = caller.chat({ messages: [question] }, rainy.content)
  const third = caller.chat({ messages: [question, rainy, user('Are you sure?')] }, 'Yes, I am quite sure.')
  const fourth = caller.chat({ messages: [question, sunny, user('Are you sure?')] }, 'Yes, I am quite sure.')
  expect(third.link.parentCallId).toBe(second.id)
  expect(fourth.link.parentCallId).toBe(first.id)
})

test('the history alone never links: the answer in it must be that of the call', () => {
  const caller = createCaller()
  caller.chat({ messages: [question] }, answer)
  const other = assistant('I would rather not talk about the weather.')
  const call = caller.chat({ messages: [question, other, user('Why?')] }, 'Because.')
  expect(call.link).toEqual({ kind: 'none', refused: 'history_unknown' })
})

test('"ok" is said by many', () => {
  const caller = createCaller()
  const ping = user('Answer with nothing but ok.')
  caller.chat({ messages: [ping] }, 'ok')
  caller.chat({ messages: [ping] }, 'ok')
  const call = caller.chat({ messages: [ping, assistant('ok'), user('Once more.')] }, 'ok')
  expect(call.link).toEqual({ kind: 'none', refused: 'short_answer' })

  const elsewhere = createCaller()
  elsewhere.chat({ messages: [ping] }, 'ok')
  const messages = [system('You are somebody else.'), ping, assistant('ok'), user('Once more.')]
  expect(elsewhere.chat({ messages }, 'ok').link).toEqual({ kind: 'none', refused: 'short_answer' })
})

test('the same request after a failure is another attempt of the same step', () => {
  const caller = createCaller()
  const first = caller.chat({ messages: [question], ...agent }, '', { isFailed: true })
  const second = caller.chat({ messages: [question], ...agent }, ask(longId))
  expect(second.link).toEqual({ kind: 'history', relation: 'attempt' })
  expect(second.traceId).toBe(first.traceId)
  expect(second.run).toMatchObject({ step: 1, agent: first.run.agent })

  const step = { messages: [question, ask(longId), result(longId, 'sunny')], ...agent }
  const third = caller.chat(step, '', { isFailed: true })
  const fourth = caller.chat(step, '', { isFailed: true })
  const fifth = caller.chat(step, answer)
  expect([third, fourth, fifth].map(({ link }) => link)).toMatchObject([
    { relation: 'step', parentCallId: second.id },
    { relation: 'attempt', parentCallId: second.id },
    { relation: 'attempt', parentCallId: second.id },
  ])
  expect(new Set([second, third, fourth, fifth].map(({ traceId }) => traceId)).size).toBe(1)
  expect([third, fourth, fifth].map(({ run }) => run.step)).toEqual([2, 2, 2])
  expect([third, fourth, fifth].map(({ toolSpans }) => toolSpans.length)).toEqual([1, 0, 0])
})

test('two clients whose equal first prompts failed are not told apart, and not mixed', () => {
  const caller = createCaller()
  caller.chat({ messages: [question] }, '', { isFailed: true })
  caller.chat({ messages: [user('Something else.')] }, 'ok')
  const failed = { startedAt: 0, isFailed: true }
  caller.chat({ messages: [question] }, '', failed)
  expect(caller.chat({ messages: [question] }, answer).link).toEqual({ kind: 'none' })
})

test('a failure that is long ago is not repeated, but asked anew', () => {
  const caller = createCaller()
  const first = caller.chat({ messages: [question] }, '', { isFailed: true })
  caller.pass(600_000)
  const second = caller.chat({ messages: [question] }, answer)
  expect(second.link).toEqual({ kind: 'none' })
  const third = caller.chat({ messages: [question] }, answer, { attemptOf: first.id })
  expect(third.traceId).toBe(first.traceId)
})

test('an answer that is generated again is a branch beside the first', () => {
  const caller = createCaller()
  const first = caller.chat({ messages: [question], ...agent }, ask(longId))
  const step = { messages: [question, ask(longId), result(longId, 'sunny')], ...agent }
  const second = caller.chat(step, answer)
  const again = caller.chat(step, 'It is sunny, as far as I know.')
  expect(again.link).toEqual({ kind: 'tool_id', relation: 'regeneration', parentCallId: first.id })
  expect(again.traceId).toBe(second.traceId)
  expect(again.toolSpans).toEqual([])

  const turn = [question, assistant(answer)]
  caller.chat({ messages: [question] }, answer)
  const one = caller.chat({ messages: [...turn, user('And in Rome?')] }, 'It is raining in Rome.')
  const other = caller.chat({ messages: [...turn, user('And in Oslo?')] }, 'It is snowing in Oslo.')
  expect(other.link).toMatchObject({ relation: 'branch', parentCallId: one.link.parentCallId })
  expect(other.run.conversationId).toBe(one.run.conversationId)
  expect(other.traceId).not.toBe(one.traceId)
})

test('a result that is sent twice is one tool', () => {
  const caller = createCaller()
  caller.chat({ messages: [question], ...agent }, ask(longId))
  const twice = [result(longId, 'sunny'), result(longId, 'sunny')]
  const second = caller.chat({ messages: [question, ask(longId), ...twice], ...agent }, answer)
  const third = caller.chat({ messages: [question, ask(longId), ...twice, user('Quick!')], ...agent }, answer)
  expect(second.toolSpans).toHaveLength(1)
  expect(third.toolSpans).toHaveLength(0)
  expect(third.traceId).toBe(second.traceId)
})

test('a result that comes after another answer is the tool of the call that asked for it', () => {
  const caller = createCaller()
  const [early, late] = [`${longId}1`, `${longId}2`]
  const both = asks([early, 'get_weather', { city: 'Paris' }], [late, 'get_weather', { city: 'Rome' }])
  const first = caller.chat({ messages: [question], ...agent }, both)
  const waiting = 'I am still waiting for the weather in Rome.'
  const history = [question, both, result(early, 'sunny')]
  const second = caller.chat({ messages: history, ...agent }, waiting)
  const messages = [...history, assistant(waiting), result(late, 'rainy')]
  const third = caller.chat({ messages, ...agent }, 'Sunny and rainy.')
  expect(second.toolSpans).toMatchObject([{ arguments: { city: 'Paris' }, result: 'sunny' }])
  expect(third.toolSpans).toMatchObject([
    { name: 'get_weather', arguments: { city: 'Rome' }, result: 'rainy', askedBy: first.id },
  ])
  expect(third.traceId).toBe(first.traceId)
  expect(caller.chat({ messages, ...agent }, 'Sunny, and rainy.').toolSpans).toEqual([])

  const callOf = (id: string) => ({ type: 'function_call', call_id: id, name: 'now', arguments: '{}' })
  const outputOf = (id: string) => ({ type: 'function_call_output', call_id: id, output: 'noon' })
  const asking = caller.responses({ input: 'Now?' }, [callOf(`${longId}3`), callOf(`${longId}4`)], {
    responseId: 'resp_1',
  })
  caller.responses({ previous_response_id: 'resp_1', input: [outputOf(`${longId}3`)] }, [], {
    responseId: 'resp_2',
  })
  const last = caller.responses({ previous_response_id: 'resp_2', input: [outputOf(`${longId}4`)] }, [])
  expect(last.toolSpans).toMatchObject([{ callId: `${longId}4`, result: 'noon', askedBy: asking.id }])
})

test('a result of a call that was not seen is no tool of the one before it', () => {
  const caller = createCaller()
  caller.chat({ messages: [question], ...agent }, ask(longId))
  const unseen = asks([`${longId}9`, 'look', { at: 'the sky' }])
  const messages = [question, ask(longId), result(longId, 'sunny'), unseen, result(`${longId}9`, 'blue')]
  const call = caller.chat({ messages, ...agent }, answer)
  expect(call.link.kind).toBe('tool_id')
  expect(call.toolSpans).toEqual([])
})

const task = 'Find the three best hotels in Paris for a family with a dog.'
const main = { messages: [system('You plan trips.'), question], tools: tools('search') }
const helper = { messages: [system('You search hotels.'), user(task)] }

test('sub-agents with equal arguments are under the agent, since nobody knows under which of its tools', () => {
  const caller = createCaller()
  const both = asks([`${longId}1`, 'search', { task }], [`${longId}2`, 'search', { task }])
  const first = caller.chat(main, both)
  const children = [caller.chat(helper, 'The Ritz.'), caller.chat(helper, 'The Crillon.')]
  expect(children.map(({ traceId }) => traceId)).toEqual([first.traceId, first.traceId])
  expect(children.map(({ run }) => run.agent?.parentSpanId)).toEqual([
    first.run.agent?.spanId,
    first.run.agent?.spanId,
  ])
})

test('a sub-agent that may belong to two runs belongs to none', () => {
  const caller = createCaller()
  caller.chat(main, asks([`${longId}1`, 'search', { task }]))
  caller.chat(main, asks([`${longId}2`, 'search', { task }]))
  expect(caller.chat(helper, 'The Ritz.').link).toEqual({ kind: 'none' })
})

test('each of several sub-agents belongs to the tool that was called with most of its first message', () => {
  const caller = createCaller()
  const context = 'The guests are a family of four, and like museums and gardens.'
  const tasks = [task, `${task} And with a cat.`, `${task} And with a parrot.`]
  const ids = tasks.map((_, at) => `${longId}${at}`)
  const asked = asks(...tasks.map((text, at) => [ids[at], 'search', { context, task: text }] as const))
  const first = caller.chat(main, asked)
  const children = tasks.map((text) =>
    caller.chat({ messages: [system('You search hotels.'), user(`${context}\n${text}`)] }, 'The Ritz.'),
  )
  const results = ids.map((id) => result(id, 'The Ritz.'))
  const last = caller.chat({ ...main, messages: [...main.messages, asked, ...results] }, 'The Ritz.')
  expect(new Set(children.map(({ traceId }) => traceId))).toEqual(new Set([first.traceId]))
  expect(children.map(({ run }) => run.agent?.parentSpanId)).toEqual(
    last.toolSpans.map(({ spanId }) => spanId),
  )
})

test('no sub-agent: while the answer that calls the tool is still being made, or a day after it', () => {
  const caller = createCaller()
  const beside = { startedAt: caller.endedAt() + 100 }
  caller.pass(10_000)
  caller.chat(main, asks([`${longId}1`, 'search', { task }]), { startedAt: beside.startedAt - 100 })
  expect(caller.chat(helper, 'Nothing to object to.', beside).link.kind).toBe('none')
  expect(caller.chat(helper, 'The Ritz.').link.kind).toBe('subagent')
  caller.pass(86_400_000)
  expect(caller.chat(helper, 'The Ritz.').link.kind).toBe('none')
})

test('no sub-agent: before the tool was called, after its result, the same agent, or only a few words', () => {
  const caller = createCaller()
  const early = { startedAt: 0 }
  caller.chat(main, asks([`${longId}1`, 'search', { task, city: 'Paris' }]))
  expect(caller.chat(helper, 'The Ritz.', early).link.kind).toBe('none')
  expect(caller.chat({ ...main, messages: [system('You plan trips.'), user(task)] }, 'Hm.').link.kind).toBe(
    'none',
  )
  expect(caller.chat({ messages: [system('You search.'), user('Paris')] }, 'Hm.').link.kind).toBe('none')
  const ended = [...main.messages, asks([`${longId}1`, 'search', { task }]), result(`${longId}1`, 'Ritz')]
  caller.chat({ ...main, messages: ended }, 'The Ritz, then.')
  expect(caller.chat(helper, 'The Ritz.').link.kind).toBe('none')
})

test('compaction keeps the tools at the end of the history, which lead on', () => {
  const caller = createCaller()
  const first = caller.chat({ messages: [question], ...agent }, ask(longId))
  const summary = user('Summary of what was said so far: somebody asked for the weather.')
  const compacted = caller.chat(
    { messages: [summary, ask(longId), result(longId, 'sunny')], ...agent },
    answer,
  )
  expect(compacted.link).toMatchObject({ kind: 'tool_id', parentCallId: first.id })
  expect(compacted.traceId).toBe(first.traceId)
})

test('tenants with equal content are never linked, and neither are explicit sessions', () => {
  const caller = createCaller()
  const step = { messages: [question, ask(longId), result(longId, 'sunny')], ...agent }
  const mine = caller.chat({ messages: [question], ...agent }, ask(longId), { scope: 'one' })
  const theirs = caller.chat({ messages: [question], ...agent }, ask(longId), { scope: 'two' })
  const [mineToo, theirsToo] = [
    caller.chat(step, answer, { scope: 'one' }),
    caller.chat(step, answer, { scope: 'two' }),
  ]
  expect([mineToo.traceId, theirsToo.traceId]).toEqual([mine.traceId, theirs.traceId])
  expect(caller.chat(step, answer, { scope: 'three' }).link.kind).toBe('none')
})

test('whatever a tenant sends, it never leads to a call of another one', () => {
  const caller = createCaller()
  const mine = { scope: 'mine' }
  const output = { type: 'function_call_output', call_id: longId, output: 'sunny' }
  const reasoning = { type: 'reasoning', id: 'rs_0912', encrypted_content: 'gAAAAABowfofynE' }
  const call = { type: 'function_call', id: 'fc_1', call_id: longId, name: 'get_weather', arguments: '{}' }
  const first = { input: 'Think about the weather in Paris.', conversation: 'conv_1' }
  caller.responses(first, [reasoning, call], { ...mine, responseId: 'resp_1' })
  caller.chat({ messages: [question] }, answer, { ...mine, isFailed: true })
  caller.chat({ messages: [question] }, answer, mine)
  const theirs = [
    caller.responses({ input: [output], previous_response_id: 'resp_1' }, []),
    caller.responses({ input: 'Go on', conversation: 'conv_1' }, []),
    caller.responses({ input: [user('Think'), reasoning, call, output] }, []),
    caller.chat({ messages: [question, assistant(answer), user('Thanks')] }, 'ok'),
    caller.chat({ messages: [question] }, answer),
  ]
  expect(theirs.map(({ link }) => link.kind)).toEqual(['none', 'none', 'none', 'none', 'none'])
  expect(new Set(theirs.map(({ run }) => run.conversationId)).size).toBe(theirs.length)
})

test('what the caller names stays as it is', () => {
  const caller = createCaller()
  const mine = 'a'.repeat(32)
  const first = caller.chat({ messages: [question], ...agent }, ask(longId))
  const step = { messages: [question, ask(longId), result(longId, 'sunny')], ...agent }
  const explicit = caller.chat(step, answer, {
    isExplicit: true,
    traceId: mine,
    callerSpanId: 'b'.repeat(16),
  })
  expect(explicit).toMatchObject({ traceId: mine, parentSpanId: 'b'.repeat(16), toolSpans: [] })
  expect(explicit.link).toEqual({ kind: 'explicit' })
  expect(explicit.run.agent).toBeUndefined()
  expect(caller.chat(step, answer).traceId).toBe(first.traceId)
})

test('a call that names no trace follows one that does into it', () => {
  const caller = createCaller()
  const mine = 'a'.repeat(32)
  caller.chat({ messages: [question], ...agent }, ask(longId), { isExplicit: true, traceId: mine })
  const step = { messages: [question, ask(longId), result(longId, 'sunny')], ...agent }
  const second = caller.chat(step, ask(`${longId}2`))
  expect(second).toMatchObject({ traceId: mine, link: { kind: 'tool_id' } })
  const messages = [...step.messages, ask(`${longId}2`), result(`${longId}2`, 'rainy')]
  const third = caller.chat({ ...step, messages }, answer)
  expect(third).toMatchObject({ traceId: mine, link: { kind: 'tool_id' } })
  // In his trace agents are the caller's to name, for all calls of it.
  expect([second, third].map(({ run }) => run.agent)).toEqual([undefined, undefined])
})

test('what is remembered has a limit in number and in time', () => {
  const step = { messages: [question, ask(longId), result(longId, 'sunny')], ...agent }
  const forgetful = createCaller({ calls: 2, idleMs: 60_000 })
  forgetful.chat({ messages: [question], ...agent }, ask(longId))
  for (const text of ['One', 'Two']) forgetful.chat({ messages: [user(text)] }, text)
  expect(forgetful.chat(step, answer).link).toEqual({ kind: 'none', refused: 'history_unknown' })

  const impatient = createCaller({ calls: 100, idleMs: 60_000 })
  impatient.chat({ messages: [question], ...agent }, ask(longId))
  impatient.pass(61_000)
  expect(impatient.chat(step, answer).link).toEqual({ kind: 'none', refused: 'history_unknown' })
})
