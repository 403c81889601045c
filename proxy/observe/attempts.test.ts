import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { type StillClock, stillClock } from '../../shared/testing/still-clock.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import type { Call } from './call.ts'
import { aCall, recordOfExchange } from './testing/exchange.ts'

const body = Buffer.from('{"model":"m"}')
const failed = recordOfExchange({ status: 503, chunks: ['busy'] })
const completed: InferenceRecord = { ...failed, ending: 'completed' }

type Options = {
  readonly call?: Partial<Call>
  readonly bytes?: Buffer
  readonly record?: InferenceRecord
}

/** @returns the id of the call that this one is found to repeat */
function attempt(attempts: Attempts, id: string, { call, bytes = body, record = failed }: Options = {}) {
  const open = attempts.begin(aCall({ id, ...call }), bytes)
  open.end(record)
  return open.call.attemptOf
}

function lend(): { attempts: Attempts; clock: StillClock } {
  const clock = stillClock()
  return { attempts: createAttempts(clock), clock }
}

test('all retries that the client reports name the first attempt', () => {
  const { attempts } = lend()
  expect(attempt(attempts, 'first')).toBeUndefined()
  expect(attempt(attempts, 'second', { call: { retry: 1 } })).toBe('first')
  expect(attempt(attempts, 'third', { call: { retry: 2 } })).toBe('first')
})

test('calls with the request id of a failed one name it as the first attempt', () => {
  const { attempts } = lend()
  attempt(attempts, 'first', { call: { clientId: 'req-1' } })
  expect(attempt(attempts, 'second', { call: { clientId: 'req-1' } })).toBe('first')
  expect(attempt(attempts, 'other', { call: { clientId: 'req-2' } })).toBeUndefined()
})

test.each<[string, Options]>([
  ['without a retry count or id', {}],
  ['with another body', { call: { retry: 1 }, bytes: Buffer.from('{"model":"n"}') }],
  ['of another thread', { call: { retry: 1, context: { threadId: 't', tags: [], metadata: {} } } }],
  ['to another path', { call: { retry: 1, route: '/v1/responses' } }],
])('a call %s does not repeat the failed one', (_, options) => {
  const { attempts } = lend()
  attempt(attempts, 'first')
  expect(attempt(attempts, 'second', options)).toBeUndefined()
})

test('a completed call is not repeated, and a failure is forgotten after two minutes', () => {
  const { attempts, clock } = lend()
  attempt(attempts, 'first', { record: completed })
  expect(attempt(attempts, 'second', { call: { retry: 1 } })).toBeUndefined()
  clock.advance(120_001)
  expect(attempt(attempts, 'third', { call: { retry: 1 } })).toBeUndefined()
})

test('remembers a bounded number of failures', () => {
  const { attempts } = lend()
  for (let n = 0; n <= 1_000; n += 1) attempt(attempts, `first-${n}`, { bytes: Buffer.from(`${n}`) })
  const retry = { retry: 1 }
  expect(attempt(attempts, 'late', { call: retry, bytes: Buffer.from('0') })).toBeUndefined()
  expect(attempt(attempts, 'soon', { call: retry, bytes: Buffer.from('1000') })).toBe('first-1000')
})
