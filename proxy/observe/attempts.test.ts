import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { type StillClock, stillClock } from '../../shared/testing/still-clock.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import type { Call } from './call.ts'
import { aCall, recordOfExchange } from './testing/exchange.ts'

const body = Buffer.from('{"model":"m"}')
const failed = recordOfExchange({ status: 503, chunks: ['busy'] })
const well: InferenceRecord = { ...failed, ending: 'completed' }

type SourcedValue = {
  readonly call?: Partial<Call>
  readonly bytes?: Buffer
  readonly ends?: InferenceRecord
}

/** @returns what the call is said to repeat */
function attempt(attempts: Attempts, id: string, { call, bytes = body, ends = failed }: SourcedValue = {}) {
  const begun = attempts.begun(aCall({ id, ...call }), bytes)
  begun.ended(ends)
  return begun.call.attemptOf
}

function lend(): { attempts: Attempts; clock: StillClock } {
  const clock = stillClock()
  return { attempts: createAttempts(clock), clock }
}

test('all attempts that the client counts name the first one', () => {
  const { attempts } = lend()
  expect(attempt(attempts, 'first')).toBeUndefined()
  expect(attempt(attempts, 'second', { call: { retry: 1 } })).toBe('first')
  expect(attempt(attempts, 'third', { call: { retry: 2 } })).toBe('first')
})

test('so do those that carry the id of a failed one', () => {
  const { attempts } = lend()
  attempt(attempts, 'first', { call: { clientId: 'req-1' } })
  expect(attempt(attempts, 'second', { call: { clientId: 'req-1' } })).toBe('first')
  expect(attempt(attempts, 'other', { call: { clientId: 'req-2' } })).toBeUndefined()
})

test.each<[string, SourcedValue]>([
  ['that says nothing of being one', {}],
  ['of another body', { call: { retry: 1 }, bytes: Buffer.from('{"model":"n"}') }],
  ['of another thread', { call: { retry: 1, context: { threadId: 't', tags: [], metadata: {} } } }],
  ['to another path', { call: { retry: 1, route: '/v1/responses' } }],
])('a call %s is no further attempt', (_, told) => {
  const { attempts } = lend()
  attempt(attempts, 'first')
  expect(attempt(attempts, 'second', told)).toBeUndefined()
})

test('a call that went well is not repeated, and one that failed long ago is forgotten', () => {
  const { attempts, clock } = lend()
  attempt(attempts, 'first', { ends: well })
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
