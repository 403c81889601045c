import { expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { InvalidContext, parseContext, serializeContext } from './preset-context.ts'

test('serializing is the inverse of parsing', () => {
  const json = {
    session_id: 's',
    user_id: 'u',
    agent_key: 'a',
    trace_id: 't',
    trace_name: 'n',
    environment: 'e',
    tags: ['x'],
    metadata: { deep: { er: 1 } },
  }
  expect(serializeContext(parseContext(json))).toEqual(json)
  expect(parseContext({ session_id: null, tags: [] })).toEqual({ tags: [] })
})

test.each<[Json | undefined, string | null]>([
  [undefined, null],
  [[], null],
  [{ user_id: 7 }, 'user_id'],
  [{ user_id: '' }, 'user_id'],
  [{ user_id: 'x'.repeat(1_001) }, 'user_id'],
  [{ tags: 'a,b' }, 'tags'],
  [{ tags: ['a', 1] }, 'tags'],
  [{ metadata: [] }, 'metadata'],
  [{ metadata: { deep: JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) } }, 'metadata'],
  [{ userid: 'u' }, 'userid'],
  [{ constructor: 'u' }, 'constructor'],
])('invalid context %$ is rejected, naming the field', (value, field) => {
  expect(() => parseContext(value)).toThrow(InvalidContext)
  expect(() => parseContext(value)).toThrow(expect.objectContaining({ field }))
})
