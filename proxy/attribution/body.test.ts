import { expect, test } from 'vitest'
import type { Json } from '../../shared/json.ts'
import { readBody } from './body.ts'

const valuesOf = (body: Json) =>
  Object.fromEntries(Object.entries(readBody(body)).map(([field, sourced]) => [field, sourced.value]))

const uuid = '11111111-2222-3333-4444-555555555555'

test.each<[Json, Json]>([
  [{ conversation: 'c', previous_response_id: 'r', prompt_cache_key: 'k' }, {}],
  [{ conversation: { id: 'c' } }, {}],
  [{ previous_response_id: 'r', prompt_cache_key: 'k' }, {}],
  [{ prompt_cache_key: 'k', safety_identifier: 'i' }, { userId: 'i' }],
  [{ metadata: { thread_id: 'None', session_id: 's' }, user: 'undefined' }, { sessionId: 's' }],
  [{ user: 'u', safety_identifier: 'i' }, { userId: 'u' }],
  [{ safety_identifier: 'i', user: 7 }, { userId: 'i' }],
  [{ metadata: { tags: 'a, b' } }, { tags: ['a', 'b'] }],
  [
    { metadata: { tags: ['a', 7, 'b'], configurable: { thread_id: 't', user_key: 'k' } } },
    { threadId: 't', tags: ['a', 'b'] },
  ],
  [
    { metadata: { langfuse_session_id: 's', langfuse_user_id: 'u', kept: true } },
    { sessionId: 's', userId: 'u', metadata: { kept: true } },
  ],
  [
    { session_id: 's', trace: { trace_name: 'n', span_name: 'g', plan: 'pro' } },
    { sessionId: 's', traceName: 'n', spanName: 'g', metadata: { plan: 'pro' } },
  ],
  [
    { 'tensorzero::episode_id': 'e', 'tensorzero::tags': { a: '1' } },
    { sessionId: 'e', metadata: { a: '1' } },
  ],
  [
    { metadata: { user_id: `user_ab_account__session_${uuid}` } },
    { userId: 'user_ab_account_', sessionId: uuid },
  ],
  [
    { metadata: { user_id: `{"device_id":"d","account_uuid":"a","session_id":"${uuid}"}` } },
    { userId: 'a', sessionId: uuid },
  ],
  [
    { metadata: { user_id: '{"session_id":"s","account_uuid":"","device_id":"d"}' } },
    { userId: 'd', sessionId: 's' },
  ],
  [
    { metadata: { user_id: '{"session_id":"s"}' }, user: 'u' },
    { userId: 'u', sessionId: 's' },
  ],
  [{ metadata: { user_id: '{"a":1}' } }, { userId: '{"a":1}' }],
  [[1], {}],
  [{ metadata: null, conversation: null, user: '' }, {}],
])('%j gives %j', (body, values) => {
  expect(valuesOf(body)).toEqual(values)
})
