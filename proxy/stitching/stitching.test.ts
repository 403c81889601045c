import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { stillClock } from '../../shared/testing/still-clock.ts'
import type { RememberedCall } from './remembered-call.ts'
import { createStitching } from './stitching.ts'
import { asks, result, system, user } from './testing/calls.ts'

const id = 'call_J3ajtA7qivswzXp8A9sJ'
/** Too short to be what a tool was called with: nobody is asked for it. */
const question = { model: 'm', messages: [user('Rain in Paris?')] }
const ask = asks([id, 'get_weather', { city: 'Paris' }])
const step = { model: 'm', messages: [...question.messages, ask, result(id, 'sunny')] }
const asked = { id, name: 'get_weather', arguments: '{"city":"Paris"}' }

/** A shared memory that answers when it is told to. */
function slowMemory() {
  const lookUps: { keys: readonly string[]; answer: (calls: readonly RememberedCall[]) => void }[] = []
  const noted: RememberedCall[] = []
  return {
    lookUps,
    noted,
    find: (keys: readonly string[]) =>
      new Promise<readonly RememberedCall[]>((answer) => void lookUps.push({ keys, answer })),
    note: (calls: readonly RememberedCall[]) => void noted.push(...calls),
  }
}

/** @param calls that were made elsewhere: records are numbered from there */
function start(shared?: ReturnType<typeof slowMemory>, calls = 0) {
  const failures: unknown[] = []
  const events = {
    callLinked: () => undefined,
    stitchingFailed: (cause: unknown) => void failures.push(cause),
  }
  const capture = { content: 'full', maxBytes: 10_000 } as const
  const stitching = createStitching({
    key: 'k',
    capture,
    clock: stillClock(),
    events,
    ...(shared && { shared }),
  })
  const done: InferenceRecord[] = []
  let number = calls
  const complete = (body: object, toolCalls: readonly (typeof asked)[] = []) => {
    number += 1
    const record: InferenceRecord = { ...numberedRecord(number), context: { tags: [], metadata: {} } }
    const output = {
      kind: 'choices',
      choices: [{ index: 0, content: 'Sunny all day long.', toolCalls }],
    } as const
    stitching.complete(record, { body: body as never, output, tenant: 't' }, (last) => void done.push(last))
    return record
  }
  return { stitching, complete, done, failures }
}

test('a call that another sidecar knows what it follows is linked when its answer has come, and later ones wait', async () => {
  const elsewhere = slowMemory()
  const first = start(elsewhere).complete(question, [asked])
  const shared = slowMemory()
  const { complete, done } = start(shared)
  complete(step)
  complete(question)
  expect(done).toEqual([])
  expect(shared.lookUps[0]?.keys).toEqual(
    expect.arrayContaining([...(elsewhere.noted[0]?.keys ?? [])].slice(0, 1)),
  )
  shared.lookUps[0]?.answer(elsewhere.noted)
  await new Promise(setImmediate)
  expect(done.map(({ link }) => link?.kind)).toEqual(['tool_id', 'none'])
  expect(done[0]).toMatchObject({ trace: { traceId: first.trace.traceId }, link: { parentCallId: first.id } })
})

test('a run that goes to and fro between two sidecars follows its newest call, not the last one seen here', async () => {
  const elsewhere = slowMemory()
  const other = start(elsewhere)
  const first = other.complete(question, [asked])
  const here = slowMemory()
  const { complete, done } = start(here, 10)
  const second = complete(step, [{ ...asked, id: `${id}2` }])
  here.lookUps[0]?.answer(elsewhere.noted)
  await new Promise(setImmediate)
  expect(done[0]?.link).toMatchObject({ parentCallId: first.id })

  const back = [asks([`${id}2`, 'get_weather', { city: 'Paris' }]), result(`${id}2`, 'rainy')]
  other.complete({ ...step, messages: [...step.messages, ...back] })
  expect(elsewhere.lookUps).toHaveLength(1)
  elsewhere.lookUps[0]?.answer(here.noted)
  await new Promise(setImmediate)
  expect(other.done[1]).toMatchObject({
    link: { parentCallId: second.id, relation: 'step' },
    toolSpans: [{ callId: `${id}2`, result: 'rainy' }],
  })
})

test('a short first call, and one whose predecessor is known here, ask nobody', () => {
  const shared = slowMemory()
  const { complete, done } = start(shared)
  complete({ model: 'm', messages: [user('And tomorrow?')] }, [asked])
  complete({ model: 'm', messages: [user('And tomorrow?'), ask, result(id, 'sunny')] })
  expect(shared.lookUps).toEqual([])
  expect(done.map(({ link }) => link?.kind)).toEqual(['none', 'tool_id'])
})

test('an agent behind one sidecar is under the tool of an agent behind another one', async () => {
  const task = 'Translate "the weather is nice" to French.'
  const translate = { id, name: 'translator', arguments: JSON.stringify({ input: task }) }
  const elsewhere = slowMemory()
  const there = start(elsewhere)
  const tools = [{ type: 'function', function: { name: 'translator' } }]
  const caller = there.complete({ ...question, tools }, [translate])
  const shared = slowMemory()
  const { complete, done } = start(shared)
  complete({ model: 'm', messages: [system('You translate.'), user(task)] })
  const [lookUp] = shared.lookUps
  const found = elsewhere.noted.filter(({ keys }) => lookUp?.keys.some((key) => keys.includes(key)))
  lookUp?.answer(found)
  await new Promise(setImmediate)
  expect(done[0]).toMatchObject({
    trace: { traceId: caller.trace.traceId },
    link: { kind: 'subagent', parentCallId: caller.id },
  })
})

test('a background response asks for its tools when somebody has fetched it', async () => {
  const { stitching, done } = start()
  const body = { model: 'm', input: 'What is the weather in Paris?', background: true }
  const began: InferenceRecord = {
    ...numberedRecord(1),
    operation: 'responses',
    response: { id: 'resp_1', bodyBytes: 1 },
  }
  stitching.complete(began, { body, output: undefined, tenant: 't' }, (last) => void done.push(last))
  const items = [
    { type: 'web_search_call', id: 'ws_1', action: { query: 'Paris' } },
    { type: 'function_call', call_id: id, name: 'get_weather', arguments: '{"city":"Paris"}' },
  ]
  const complete = stitching.answered({ ...began, ...done[0] }, { kind: 'items', items })
  expect(complete.toolSpans).toMatchObject([{ name: 'web_search', byProvider: true }])
  const next = {
    model: 'm',
    previous_response_id: 'resp_1',
    input: [{ type: 'function_call_output', call_id: id, output: 'sunny' }],
  }
  const step: InferenceRecord = { ...numberedRecord(2), operation: 'responses' }
  stitching.complete(step, { body: next, output: undefined, tenant: 't' }, (last) => void done.push(last))
  expect(done[1]).toMatchObject({
    link: { kind: 'response_id', parentCallId: began.id },
    toolSpans: [{ callId: id, askedBy: began.id, result: 'sunny' }],
  })
})

test('what an earlier call has brought keeps its length when the answer comes', () => {
  const events = { callLinked: () => undefined, stitchingFailed: () => undefined }
  const capture = { content: 'lengths', maxBytes: 10_000 } as const
  const stitching = createStitching({ key: 'k', capture, clock: stillClock(), events })
  const brought = {
    spanId: '1',
    askedBy: 'a',
    name: 'now',
    result: '[400 characters]',
    startedAt: 1,
    endedAt: 2,
  }
  const search = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { query: 'hotels' } }
  const record = { ...numberedRecord(1), toolSpans: [brought] }
  const { toolSpans } = stitching.answered(record, { kind: 'items', items: [search] })
  expect(toolSpans).toMatchObject([brought, { name: 'web_search', arguments: '[18 characters]' }])
})

test('what is noted holds nothing that was said', () => {
  const shared = slowMemory()
  const { complete } = start(shared)
  complete(question, [asked])
  complete(step)
  expect(shared.noted.length).toBeGreaterThan(0)
  expect(JSON.stringify(shared.noted)).not.toMatch(/Paris|sunny|weather|J3ajtA7/i)
})

test('what cannot be linked is recorded by itself, and calls without a conversation as they are', () => {
  const { complete, done, failures } = start()
  const strange = new Proxy(
    { model: 'm', messages: [] },
    {
      get: () => {
        throw new Error('broken')
      },
    },
  )
  const record = complete(strange)
  complete([])
  expect(done[0]).toBe(record)
  expect(done[1]?.link).toBeUndefined()
  expect(failures).toHaveLength(1)
})
