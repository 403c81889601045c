import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { createToolCalls } from './tool-calls.ts'

const fragment = (
  index: number | null,
  id: string | null,
  name: string | null,
  args: string | null,
): JsonObject => ({
  index,
  id,
  function: { name, arguments: args },
})

const a = { id: 'a', name: 'f', arguments: '{"x":1}' }
const b = { id: 'b', name: 'g', arguments: '{"y":2}' }

test.each<[string, JsonObject[], unknown[]]>([
  [
    'interleaved by index',
    [
      fragment(0, 'a', 'f', ''),
      fragment(1, 'b', 'g', ''),
      fragment(1, null, null, '{"y"'),
      fragment(0, null, null, '{"x"'),
      fragment(0, null, null, ':1}'),
      fragment(1, null, null, ':2}'),
    ],
    [a, b],
  ],
  ['numbered from 1', [fragment(1, 'a', 'f', '{"x":1}'), fragment(2, 'b', 'g', '{"y":2}')], [a, b]],
  [
    'without indexes',
    [
      fragment(null, 'a', 'f', '{"x"'),
      fragment(null, null, null, ':1}'),
      fragment(null, 'b', 'g', '{"y":2}'),
    ],
    [a, b],
  ],
  [
    'all numbered 0',
    [fragment(0, 'a', 'f', '{"x":1}'), fragment(0, 'b', 'g', '{"y"'), fragment(0, null, null, ':2}')],
    [a, b],
  ],
  ['with id and name repeated', [fragment(0, 'a', 'f', '{"x"'), fragment(0, 'a', 'f', ':1}')], [a]],
  [
    'with empty id and name after the first fragment',
    [fragment(0, 'a', 'f', '{"x"'), fragment(0, '', '', ':1}')],
    [a],
  ],
  ['with a new id per fragment', [fragment(0, 'a', 'f', '{"x"'), fragment(0, 'z', null, ':1}')], [a]],
  ['with a late id', [fragment(0, null, 'f', '{"x"'), fragment(0, 'a', null, ':1}')], [a]],
  [
    'without ids, the same tool twice',
    [fragment(0, null, 'f', '{"x":1}'), fragment(0, null, 'f', '{"x":2}')],
    [
      { name: 'f', arguments: '{"x":1}' },
      { name: 'f', arguments: '{"x":2}' },
    ],
  ],
  [
    'by id alone, in turns',
    [fragment(null, 'a', 'f', '{"x"'), fragment(null, 'b', 'g', '{"y":2}'), fragment(null, 'a', null, ':1}')],
    [a, b],
  ],
  [
    'under one id with different indexes',
    [fragment(0, 'a', 'f', '{"x":1}'), fragment(1, 'a', 'g', '{"y":2}')],
    [a, { ...b, id: 'a' }],
  ],
  ['with arguments as an object', [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }], [a]],
  ['with a late name', [fragment(0, 'a', null, '{"x"'), fragment(0, null, 'f', ':1}')], [a]],
  [
    'with indexes as texts',
    [
      { index: '0', id: 'a', function: { name: 'f', arguments: '{"x"' } },
      { index: '1', id: 'b', function: { name: 'g', arguments: '{"y"' } },
      { index: '0', function: { arguments: ':1}' } },
      { index: '1', function: { arguments: ':2}' } },
    ],
    [a, b],
  ],
  [
    'with the name in fragments',
    [fragment(0, 'a', 'get_', ''), fragment(0, null, 'time', ''), fragment(0, null, null, '{}')],
    [{ id: 'a', name: 'get_time', arguments: '{}' }],
  ],
  ['of a custom tool', [{ index: 0, id: 'a', custom: { name: 'f', input: '{"x":1}' } }], [a]],
])('joins the fragments of calls that come %s', (_, fragments, calls) => {
  const toolCalls = createToolCalls({ left: 1_000 })
  for (const one of fragments) toolCalls.add([one])
  expect(toolCalls.read()).toEqual(calls)
})

test('keeps at most 1,024 calls', () => {
  const toolCalls = createToolCalls({ left: 1_000_000 })
  for (let index = 0; index < 5_000; index += 1) toolCalls.add([fragment(index, null, 'f', '{}')])
  expect(toolCalls.read()).toHaveLength(1_024)
})

test('reads the deprecated function call as a tool call', () => {
  const toolCalls = createToolCalls({ left: 1_000 })
  toolCalls.addFunctionCall({ name: 'f', arguments: '{"x"' })
  toolCalls.addFunctionCall({ arguments: ':1}' })
  expect(toolCalls.read()).toEqual([{ name: 'f', arguments: '{"x":1}' }])
})
