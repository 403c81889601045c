import { expect, test } from 'vitest'
import type { CallContext } from '../../../../shared/record/record.ts'
import { fitForLangfuse } from './accepted-values.ts'

const fitted = (context: Partial<CallContext>) => fitForLangfuse({ tags: [], metadata: {}, ...context })
const long = 'x'.repeat(201)

test('what Langfuse takes is left alone', () => {
  const context: CallContext = {
    threadId: 'x'.repeat(200),
    sessionId: 'x'.repeat(200),
    userId: 'zoe@example.org',
    traceName: 'Gespräch über Wörter',
    environment: 'prod-eu_1',
    tags: ['über', 'a,b'],
    metadata: { user_id: 'other', deep: { er: 1 } },
  }
  expect(fitForLangfuse(context)).toEqual({ context, changes: [] })
})

test.each(['sessionId', 'userId', 'agentKey', 'traceName', 'spanName'] as const)(
  'a %s that is too long is cut to 200 with its hash, the same every time, and kept whole in the metadata',
  (name) => {
    const { context, changes } = fitted({ [name]: long })
    const field = name.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`)
    expect(context[name]).toMatch(/^x{183}~[0-9a-f]{16}$/)
    expect(context.metadata).toEqual({ [field]: long })
    expect(changes).toEqual([{ field, change: 'shortened' }])
    expect(fitted({ [name]: long }).context[name]).toBe(context[name])
    expect(fitted({ [name]: `${long}y` }).context[name]).not.toBe(context[name])
  },
)

test('an id beyond US-ASCII keeps its readable part', () => {
  const { context } = fitted({ userId: 'Zoë', sessionId: '会话' })
  expect(context.userId).toMatch(/^Zo~[0-9a-f]{16}$/)
  expect(context.sessionId).toMatch(/^~[0-9a-f]{16}$/)
  expect(context.metadata).toEqual({ user_id: 'Zoë', session_id: '会话' })
})

test('a thread that is the session is told as the thread, not a second time', () => {
  const { context } = fitted({ threadId: long, sessionId: long })
  expect(context.threadId).toBe(long)
  expect(context.metadata).toEqual({})
  expect(context.sessionId).toHaveLength(200)
})

test('long tags are cut, and too many are refused', () => {
  expect(fitted({ tags: ['a', long] })).toMatchObject({
    context: { tags: ['a', expect.stringMatching(/~[0-9a-f]{16}$/)], metadata: { tags: ['a', long] } },
    changes: [{ field: 'tags', change: 'shortened' }],
  })
  const many = Array.from({ length: 101 }, (_, n) => `tag ${n}`)
  expect(fitted({ tags: many })).toMatchObject({
    context: { tags: many.slice(0, 100), metadata: { tags: many } },
    changes: [{ field: 'tags', change: 'refused' }],
  })
})

test('capitals in an environment are what Langfuse makes of them', () => {
  expect(fitted({ environment: 'PROD' })).toMatchObject({ context: { environment: 'prod' }, changes: [] })
})

test.each(['prod.eu', 'langfuse-prod', 'x'.repeat(41), 'Zoë', ''])(
  'the environment %j, which would be filed under another name, is refused and kept in the metadata',
  (environment) => {
    const { context, changes } = fitted({ environment })
    expect(context).not.toHaveProperty('environment')
    expect(context.metadata).toEqual({ environment })
    expect(changes).toEqual([{ field: 'environment', change: 'refused' }])
  },
)
