import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { eventError } from './event-error.ts'

const message = 'Boom'

test.each<[string, JsonObject]>([
  ['at the top', { error: { message } }],
  ['as a text', { error: message }],
  ['beside a flag', { error: true, message }],
  ['in a choice that is not the first', { choices: [{ delta: {} }, { index: 1, error: { message } }] }],
  ['as an event of the Responses API', { type: 'error', code: 'server_error', message }],
  ['as an object (vLLM, SGLang)', { object: 'error', message, type: 'BadRequestError', code: 400 }],
  ['in the status of MiniMax', { choices: null, base_resp: { status_code: 1008, status_msg: message } }],
])('finds an error %s', (_, event) => {
  expect(eventError(event)?.message).toBe(message)
})

test('takes the finish reason `error` for an error where no other is reported', () => {
  const choice = { index: 0, delta: {}, finish_reason: 'error' }
  expect(eventError({ choices: [choice] })?.message).toMatch(/finish reason/)
  expect(eventError({ choices: [{ ...choice, error: { message } }] })?.message).toBe(message)
})

test.each<JsonObject>([
  {},
  { error: null },
  { error: '' },
  { error: {} },
  { error: false },
  { error: { message: '', type: '', code: null } },
  { base_resp: { status_code: 0, status_msg: 'success' } },
  { choices: [null, { finish_reason: 'stop', error: null }] },
])('finds no error in %j', (event) => {
  expect(eventError(event)).toBeUndefined()
})

test.each([
  ...['error', 'abort', 'aborted', 'cancelled', 'timeout', 'network_error'],
  ...[
    'model_error',
    'overloaded',
    'rate_limit',
    'rate_limit_exceeded',
    'MODEL_OVERLOADED',
    'request_timeout',
  ],
  ...['insufficient_system_resource', 'MALFORMED_FUNCTION_CALL', 'malformed_function_call'],
])('a choice that finished with %s has failed', (finish_reason) => {
  expect(eventError({ choices: [{ index: 0, delta: {}, finish_reason }] })).toEqual({
    type: finish_reason.toLowerCase(),
    message: expect.stringContaining('finish reason'),
  })
})

test.each([
  null,
  '',
  'stop',
  'length',
  'tool_calls',
  'function_call',
  'content_filter',
  'sensitive',
  'eos',
  'end_turn',
])('a choice that finished with %s has not failed', (finish_reason) => {
  expect(eventError({ choices: [{ index: 0, delta: {}, finish_reason }] })).toBeUndefined()
})
