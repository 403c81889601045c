import { describe, expect, test } from 'vitest'
import type { Attributes } from './attributes.ts'
import { readHeaders } from './headers.ts'
import { headerFamilies } from './names/headers.ts'
import { isStripped } from './names/known-headers.ts'

const valuesOf = (attributes: Attributes) =>
  Object.fromEntries(Object.entries(attributes).map(([field, sourced]) => [field, sourced.value]))

const fields = [
  'threadId',
  'sessionId',
  'userId',
  'agentKey',
  'traceId',
  'parentSpanId',
  'traceName',
  'spanName',
  'environment',
]
const textNames = headerFamilies.flatMap(({ names }) =>
  Object.entries(names).filter(([, meaning]) => fields.includes(meaning)),
)

describe.each(textNames)('%s', (pattern, field) => {
  const name = pattern.replace('*', 'acme')

  test(`means ${field} in both spellings, and hyphens take precedence`, () => {
    const underscored = name.replaceAll('-', '_')
    const both = readHeaders({ [underscored]: 'low', [name]: 'high' })
    expect({ ...both.foreign, ...both.own }).toMatchObject({ [field]: { value: 'high', source: name } })
    const one = readHeaders({ [underscored]: 'low' })
    expect({ ...one.foreign, ...one.own }).toMatchObject({ [field]: { value: 'low', source: name } })
  })
})

test.each([
  [{ 'langfuse-tags': 'a,b' }, { tags: ['a', 'b'] }],
  [{ 'langfuse-metadata': 'course:maths,note:a%2Cb, odd' }, { metadata: { course: 'maths', note: 'a,b' } }],
  [{ langfuse_trace_metadata: '{"a":1}' }, { metadata: { a: 1 } }],
  [{ 'helicone-property-Course': 'maths' }, { metadata: { Course: 'maths' } }],
  [{ 'x-bf-dim-team_a': 'red' }, { metadata: { team_a: 'red' } }],
  [{ 'x-portkey-metadata': '{"_user":"u","plan":"pro"}' }, { userId: 'u', metadata: { plan: 'pro' } }],
  [
    { 'cf-aig-metadata': '{"a":1}', 'x-litellm-spend-logs-metadata': '{"a":2,"b":2}' },
    { metadata: { a: 2, b: 2 } },
  ],
  [{ 'tensorzero-otlp-traces-extra-header-authorization': 'secret' }, {}],
  [{ 'x-bf-session-id': '' }, {}],
  [{ 'x-bf-session-id': '[object Object]', 'x-vendor-session-id': 's' }, { sessionId: 's' }],
  [
    { 'x-session-affinity': 'ses_child', 'x-parent-session-id': 'ses_root' },
    { sessionId: 'ses_child', metadata: { parent_session_id: 'ses_root' } },
  ],
  [{ 'x-opencode-session': 'ses_z', 'x-opencode-parent-session-id': 'ses_root' }, { sessionId: 'ses_z' }],
  [{ 'x-parent-agent-session-id': 'ses_root' }, {}],
  [{ 'x-codex-parent-agent-session-id': 'ses_root' }, {}],
  [{ x_vendor_root_session_id: 'a', 'x-source-session-id': 'b', 'x-vendor-forked-from-thread-id': 'c' }, {}],
  [{ 'x-vendor-previous-conversation-id': 'a', 'x-vendor-parentagent-chat-id': 'b' }, {}],
  [
    { 'x-codex-parent-thread-id': 'a', 'thread-id': 'b', 'x-openai-subagent': 'review' },
    { threadId: 'b', metadata: { parent_thread_id: 'a', subagent: 'review' } },
  ],
  [
    { 'x-rooted-session-id': 's', 'x-sourcegraph-thread-id': 't' },
    { sessionId: 's', threadId: 't' },
  ],
  [{ 'x-amp-thread-id': 't' }, { threadId: 't' }],
  [
    { 'x-amp-thread-id': 't, t', 'x-session-affinity': 's,s,s' },
    { threadId: 't', sessionId: 's' },
  ],
  [{ 'x-amp-thread-id': 't, u' }, { threadId: 't, u' }],
  [{ 'x-amp-thread-id': 'undefined, undefined' }, {}],
  [{ 'x-grok-conv-id': 's' }, { sessionId: 's' }],
  [{ 'chatui-conversation-id': 't' }, { threadId: 't' }],
  [
    { 'x-openwebui-chat-id': 'c', 'x-openwebui-user-id': 'u', 'x-openwebui-user-email': 'ada@example.com' },
    { threadId: 'c', userId: 'u' },
  ],
  [{ 'x-conversation-id': 'c' }, { threadId: 'c' }],
])('%j gives %j', (headers, values) => {
  expect(valuesOf(readHeaders(headers).foreign)).toEqual(values)
})

test('names set on purpose take precedence over those that a program sets by itself', () => {
  const { foreign } = readHeaders({
    'x-vendor-session-id': 'any',
    session_id: 'codex',
    'x-litellm-session-id': 'chosen',
  })
  expect(foreign.sessionId).toEqual({ value: 'chosen', source: 'x-litellm-session-id' })
})

test.each([
  ['x-thread-id', 'openai', true],
  ['x_thread_id', 'openai', true],
  ['helicone-property-any', 'openai', true],
  ['helicone-property-any', 'oai.helicone.ai', false],
  ['helicone-property-any', 'evilhelicone.ai', true],
  ['x-session-id', 'openai', true],
  ['x-session-id', 'openrouter', false],
  ['x-user-id', 'openrouter', true],
  ['session_id', 'openai', false],
  ['x-interaction-id', 'openai', false],
  ['x-vendor-session-id', 'openai', false],
  ['authorization', 'openai', false],
  ['traceparent', 'openai', false],
])('whether %s is stripped for %s: %s', (name, provider, stripped) => {
  expect(isStripped(name, provider)).toBe(stripped)
})

test.each([
  'x-portkey-virtual-key',
  'x_portkey_config',
  'x-litellm-api-key',
  'x-bf-vk',
  'x-bf-eh-authorization',
])('%s, a key for a gateway, is not shown to a model API, and reaches what may be that gateway', (name) => {
  expect(isStripped(name, 'openai', true)).toBe(true)
  expect(isStripped(name, 'gateway.internal')).toBe(false)
  expect(isStripped(name, 'api.portkey.ai')).toBe(false)
})

test.each(['langfuse_secret_key', 'x-langfuse-secret-key', 'helicone-auth', 'x-portkey-api-key'])(
  '%s, a key for another service, reaches no upstream',
  (name) => {
    for (const isModelApi of [true, false]) expect(isStripped(name, 'h', isModelApi)).toBe(true)
  },
)
