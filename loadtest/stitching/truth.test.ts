import { expect, test } from 'vitest'
import type { JsonObject } from '../../shared/json.ts'
import type { RecordedCall } from '../../shared/recordings/recorded-runs.ts'
import { askedTools, isContinuation, recordedTools } from './truth.ts'
import { withoutCopies } from './without-copies.ts'

const call = (request: JsonObject, response?: JsonObject): RecordedCall => ({
  api: 'chat',
  request,
  status: 200,
  ...(response !== undefined && { response }),
})
const question = { role: 'user', content: 'Hi' }
const asks = {
  role: 'assistant',
  tool_calls: [{ id: 'call_1', function: { name: 'now', arguments: '{}' } }],
}
const result = { role: 'tool', tool_call_id: 'call_1', content: 'noon' }

test('a call with a history goes on from another one; the first, and one that repeats it, do not', () => {
  const history = call({ messages: [question, asks, result] })
  const calls = [call({ messages: [question] }), call({ messages: [question] }), history, history]
  expect(calls.map((_, at) => isContinuation({ file: 'a', calls }, at))).toEqual([false, false, true, true])
  expect(isContinuation({ file: 'a', calls: [history, history] }, 1)).toBe(false)
})

test('results at the end of a request, with what they answer', () => {
  const expected = [{ id: 'call_1', result: 'noon', name: 'now', args: '{}' }]
  expect(recordedTools(call({ messages: [question, asks, result] }))).toEqual(expected)
  const use = { type: 'tool_use', id: 'call_1', name: 'now', input: {} }
  const block = { type: 'tool_result', tool_use_id: 'call_1', content: 'noon' }
  const messages = [
    { role: 'assistant', content: [use] },
    { role: 'user', content: [block] },
  ]
  expect(recordedTools(call({ messages }))).toEqual([{ ...expected[0], args: {} }])
  const item = { type: 'function_call_output', call_id: 'call_1', output: 'noon' }
  expect(recordedTools(call({ input: [item] }))).toEqual([{ id: 'call_1', result: 'noon' }])
  expect(askedTools(call({}, { choices: [{ message: asks }] })).get('call_1')).toMatchObject({ name: 'now' })
})

test('recordings of the same calls are copies', () => {
  const answered = call({}, { id: 'chatcmpl-12345678' })
  const recordings = ['a', 'b'].map((file) => ({ file, calls: [answered] }))
  expect(withoutCopies(recordings).map(({ file }) => file)).toEqual(['a'])
})
