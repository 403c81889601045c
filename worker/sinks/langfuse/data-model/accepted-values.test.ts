import { expect, test } from 'vitest'
import type { CallContext } from '../../../../shared/record/record.ts'
import { toAcceptedContext } from './accepted-values.ts'

const accepted = (context: Partial<CallContext>) => toAcceptedContext({ tags: [], metadata: {}, ...context })
const long = 'x'.repeat(201)

test('accepted values are left alone', () => {
  const context: CallContext = {
    threadId: 'x'.repeat(200),
    sessionId: 'x'.repeat(200),
    userId: 'zoe@example.org',
    traceName: 'Gespräch über Wörter',
    environment: 'prod-eu_1',
    tags: ['über', 'a,b'],
    metadata: { user_id: 'other', deep: { er: 1 } },
  }
  expect(toAcceptedContext(context)).toEqual({ context, changes: [] })
})

test.each(['sessionId', 'userId', 'agentKey', 'traceName', 'spanName'] as const)(
  'a %s that is too long is truncated to 200 characters with its hash, the same every time, and kept whole in the metadata',
  (name) => {
    const { context, changes } = accepted({ [name]: long })
    const field = name.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`)
    expect(context[name]).toMatch(/^x{183}~[0-9a-f]{16}$/)
    expect(context.metadata).toEqual({ [field]: long })
    expect(changes).toEqual([{ field, change: 'shortened' }])
    expect(accepted({ [name]: long }).context[name]).toBe(context[name])
    expect(accepted({ [name]: `${long}y` }).context[name]).not.toBe(context[name])
  },
)

test.each(['Zoë', '会话', 'ученик/7', 'm\u0301ax', '😀', `${'x'.repeat(199)}é`, ' '])(
  'the id %j, which only SDKs refuse, is left alone',
  (id) => {
    const context: CallContext = { threadId: id, sessionId: id, userId: id, tags: [], metadata: {} }
    expect(toAcceptedContext(context)).toEqual({ context, changes: [] })
  },
)

test('an id beyond US-ASCII that is too long, or one with control characters, keeps its readable part', () => {
  const { context } = accepted({ userId: `Zoë${long}`, sessionId: 'line\nfeed' })
  expect(context.userId).toMatch(/^Zox{181}~[0-9a-f]{16}$/)
  expect(context.sessionId).toMatch(/^linefeed~[0-9a-f]{16}$/)
  expect(context.metadata).toEqual({ user_id: `Zoë${long}`, session_id: 'line\nfeed' })
})

test('a session that is the thread is kept in the metadata once, as the thread', () => {
  const { context } = accepted({ threadId: long, sessionId: long })
  expect(context.threadId).toBe(long)
  expect(context.metadata).toEqual({})
  expect(context.sessionId).toHaveLength(200)
})

test('long tags are truncated, and too many are refused', () => {
  expect(accepted({ tags: ['a', long] })).toMatchObject({
    context: { tags: ['a', expect.stringMatching(/~[0-9a-f]{16}$/)], metadata: { tags: ['a', long] } },
    changes: [{ field: 'tags', change: 'shortened' }],
  })
  const many = Array.from({ length: 101 }, (_, n) => `tag ${n}`)
  expect(accepted({ tags: many })).toMatchObject({
    context: { tags: many.slice(0, 100), metadata: { tags: many } },
    changes: [{ field: 'tags', change: 'refused' }],
  })
})

test('an environment is lower-cased, as Langfuse does', () => {
  expect(accepted({ environment: 'PROD' })).toMatchObject({ context: { environment: 'prod' }, changes: [] })
})

test.each(['prod.eu', 'langfuse-prod', 'x'.repeat(41), 'Zoë', ''])(
  'the environment %j, which would be filed under another name, is refused and kept in the metadata',
  (environment) => {
    const { context, changes } = accepted({ environment })
    expect(context).not.toHaveProperty('environment')
    expect(context.metadata).toEqual({ environment })
    expect(changes).toEqual([{ field: 'environment', change: 'refused' }])
  },
)
