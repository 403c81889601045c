import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { createToolCalls } from './tool-calls.ts'

const piece = (
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
      piece(0, 'a', 'f', ''),
      piece(1, 'b', 'g', ''),
      piece(1, null, null, '{"y"'),
      piece(0, null, null, '{"x"'),
      piece(0, null, null, ':1}'),
      piece(1, null, null, ':2}'),
    ],
    [a, b],
  ],
  ['numbered from 1', [piece(1, 'a', 'f', '{"x":1}'), piece(2, 'b', 'g', '{"y":2}')], [a, b]],
  [
    'without indexes',
    [piece(null, 'a', 'f', '{"x"'), piece(null, null, null, ':1}'), piece(null, 'b', 'g', '{"y":2}')],
    [a, b],
  ],
  [
    'all numbered 0',
    [piece(0, 'a', 'f', '{"x":1}'), piece(0, 'b', 'g', '{"y"'), piece(0, null, null, ':2}')],
    [a, b],
  ],
  ['with id and name repeated', [piece(0, 'a', 'f', '{"x"'), piece(0, 'a', 'f', ':1}')], [a]],
  [
    'with empty id and name after the first piece',
    [piece(0, 'a', 'f', '{"x"'), piece(0, '', '', ':1}')],
    [a],
  ],
  ['with a new id per piece', [piece(0, 'a', 'f', '{"x"'), piece(0, 'z', null, ':1}')], [a]],
  ['with a late id', [piece(0, null, 'f', '{"x"'), piece(0, 'a', null, ':1}')], [a]],
  [
    'without ids, the same tool twice',
    [piece(0, null, 'f', '{"x":1}'), piece(0, null, 'f', '{"x":2}')],
    [
      { name: 'f', arguments: '{"x":1}' },
      { name: 'f', arguments: '{"x":2}' },
    ],
  ],
  [
    'by id alone, in turns',
    [piece(null, 'a', 'f', '{"x"'), piece(null, 'b', 'g', '{"y":2}'), piece(null, 'a', null, ':1}')],
    [a, b],
  ],
  [
    'under one id, told apart by index',
    [piece(0, 'a', 'f', '{"x":1}'), piece(1, 'a', 'g', '{"y":2}')],
    [a, { ...b, id: 'a' }],
  ],
  ['with arguments as an object', [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }], [a]],
  ['with a late name', [piece(0, 'a', null, '{"x"'), piece(0, null, 'f', ':1}')], [a]],
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
    'with the name in pieces',
    [piece(0, 'a', 'get_', ''), piece(0, null, 'time', ''), piece(0, null, null, '{}')],
    [{ id: 'a', name: 'get_time', arguments: '{}' }],
  ],
  ['of a custom tool', [{ index: 0, id: 'a', custom: { name: 'f', input: '{"x":1}' } }], [a]],
])('puts calls together that come %s', (_, pieces, calls) => {
  const toolCalls = createToolCalls({ left: 1_000 })
  for (const one of pieces) toolCalls.add([one])
  expect(toolCalls.read()).toEqual(calls)
})

test('takes no more calls than any model makes', () => {
  const toolCalls = createToolCalls({ left: 1_000_000 })
  for (let index = 0; index < 5_000; index += 1) toolCalls.add([piece(index, null, 'f', '{}')])
  expect(toolCalls.read()).toHaveLength(1_024)
})

test('puts the deprecated function call among them', () => {
  const toolCalls = createToolCalls({ left: 1_000 })
  toolCalls.addFunctionCall({ name: 'f', arguments: '{"x"' })
  toolCalls.addFunctionCall({ arguments: ':1}' })
  expect(toolCalls.read()).toEqual([{ name: 'f', arguments: '{"x":1}' }])
})
