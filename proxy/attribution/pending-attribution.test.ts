import { expect, test } from 'vitest'
import type { PresetContext } from '../../shared/config/preset-context.ts'
import { stillClock } from '../../shared/testing/still-clock.ts'
import type { Attribution } from './attribution.ts'
import { openAttribution } from './pending-attribution.ts'
import { readSources } from './sources.ts'
import { createLookUps } from './store/look-ups.ts'
import { createMemoryStore } from './store/memory-store.ts'

const fail = (cause: unknown) => {
  throw cause
}

const stored: PresetContext = {
  sessionId: 'stored',
  userId: 'stored',
  agentKey: 'stored',
  traceId: 'a'.repeat(32),
  tags: ['stored'],
  metadata: { a: 'stored', b: 'stored' },
}

const fresh = 'f'.repeat(32)

test('the store ranks below every source in the request, and above the defaults', () => {
  const sources = readSources({ 'x-thread-id': 't', 'x-metadata': '{"a":"own"}' }, undefined, {
    user: 'body',
  })
  const defaults = { agentKey: 'pod', environment: 'pod', metadata: { b: 'pod', c: 'pod' } }
  const { context, trace } = openAttribution(() => sources, fresh, {
    lookUp: () => stored,
    defaults,
    onFailure: fail,
  }).current()
  expect(context).toMatchObject({
    threadId: 't',
    sessionId: 'stored',
    userId: 'body',
    agentKey: 'stored',
    environment: 'pod',
    tags: ['stored'],
    metadata: { a: 'own', b: 'stored', c: 'pod' },
    sources: { sessionId: 'context store', userId: 'body user', environment: 'CONTEXT_DEFAULTS' },
  })
  expect(trace).toMatchObject({ traceId: 'a'.repeat(32), agentSpanId: expect.any(String) })
})

test('a registered context that has expired is ignored', async () => {
  const clock = stillClock()
  const store = createMemoryStore({ clock, onEvicted: () => undefined })
  const ignore = () => undefined
  const events = { contextLookedUp: ignore, contextStoreFailed: ignore, contextFound: ignore }
  const parts = { lookUp: createLookUps(store, events), defaults: {}, onFailure: fail }
  await store.put('t', { context: { userId: 'u' }, ttlMs: 1_000, refreshOnUse: false })
  const sources = readSources({}, 't', undefined)
  expect(openAttribution(() => sources, fresh, parts).current().context.userId).toBe('u')
  clock.advance(1_000)
  expect(openAttribution(() => sources, fresh, parts).current().context.userId).toBeUndefined()
})

test('without a thread nothing is looked up', () => {
  const lookUp = () => {
    throw new Error('looked up')
  }
  const { context } = openAttribution(
    () => readSources({ 'x-session-id': 's' }, undefined, undefined),
    fresh,
    {
      lookUp,
      defaults: {},
      onFailure: fail,
    },
  ).current()
  expect(context.sessionId).toBe('s')
})

test('a context that arrives late is merged under the same ids, and completes the attribution', async () => {
  let respond: (context: PresetContext | undefined) => void = () => undefined
  const lookUp = () =>
    new Promise<PresetContext | undefined>((resolve) => {
      respond = resolve
    })
  const pending = openAttribution(() => readSources({ 'x-thread-id': 't' }, undefined, undefined), fresh, {
    lookUp,
    defaults: {},
    onFailure: fail,
  })
  const before = pending.current()
  expect(before.context).toMatchObject({ sessionId: 't' })
  const complete = new Promise<Attribution>((resolve) => pending.whenComplete(resolve))
  respond({ userId: 'u', sessionId: 's' })
  expect(await complete).toMatchObject({ context: { userId: 'u', sessionId: 's' }, trace: before.trace })
  expect(pending.current()).toBe(await complete)
})

test('where reading the sources fails the call has no attribution, and the failure is reported', () => {
  const causes: unknown[] = []
  const read = () => {
    throw new Error('odd')
  }
  const parts = { lookUp: () => undefined, defaults: {}, onFailure: (cause: unknown) => causes.push(cause) }
  const { context, trace } = openAttribution(read, fresh, parts).current()
  expect(context.tags).toEqual([])
  expect(trace.traceId).toBe(fresh)
  expect(causes).toHaveLength(1)
})
