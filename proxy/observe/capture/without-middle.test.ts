import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../shared/json.ts'
import { captureInput } from './content.ts'
import { jsonSize } from './json-size.ts'

const kept = (input: Json, maxBytes = 10_000) => captureInput(input, { content: 'full', maxBytes })

const turn = (n: number, size = 500): JsonObject => ({
  role: n % 2 === 0 ? 'user' : 'assistant',
  content: `turn ${n} ${'x'.repeat(size)}`,
})
const system: JsonObject = { role: 'system', content: 'be kind' }
const last: JsonObject = { role: 'user', content: 'the newest' }
const turns = (count: number) => Array.from({ length: count }, (_, n) => turn(n))

test('a long conversation keeps its instructions, its beginning and its newest messages whole', () => {
  const list = kept([system, ...turns(100), last]) as readonly Json[]
  expect(list.slice(0, 2)).toEqual([system, turn(0)])
  expect(list[2]).toBe(`[${102 - list.length + 1} more entries]`)
  expect(list.slice(3)).toEqual([...turns(100), last].slice(-(list.length - 3)))
  expect(list.length).toBeGreaterThan(15)
  expect(jsonSize(list)).toBeGreaterThan(8_500)
  expect(jsonSize(list)).toBeLessThanOrEqual(10_000)
})

test.each(['messages', 'input', 'prompt'])('so it does under %s, beside tools and instructions', (name) => {
  const tools = [{ type: 'function', function: { name: 'add', description: 'd'.repeat(2_000) } }]
  const input = { [name]: [...turns(100), last], tools, instructions: 'be kind' }
  const { [name]: list, ...others } = kept(input) as JsonObject
  expect(others).toEqual({ tools, instructions: 'be kind' })
  expect((list as readonly Json[]).at(-1)).toEqual(last)
})

test('a first message that is too long is cut, and does not take the place of the newest', () => {
  const list = kept([system, turn(0, 50_000), turn(1), last]) as readonly JsonObject[]
  expect(list.map((entry) => entry.content)).toEqual([
    'be kind',
    expect.stringMatching(/^turn 0 x{6000,} … \[\d+ more characters\]$/),
    turn(1).content,
    'the newest',
  ])
})

test('a newest message that is too long keeps its beginning, behind instructions', () => {
  const list = kept([system, ...turns(9), turn(10, 50_000)]) as readonly JsonObject[]
  expect(list[0]).toEqual(system)
  expect(list.at(-1)?.content).toMatch(/^turn 10 x{6000,} … \[\d+ more characters\]$/)
})

/** So that some limit leaves room for a result alone. */
const long = 'a'.repeat(200)

test.each<[string, Json, (n: number) => Json]>([
  [
    'Chat Completions',
    { role: 'assistant', tool_calls: [{ id: 'a', function: { arguments: long } }] },
    (n) => ({ role: 'tool', content: n }),
  ],
  [
    'Responses',
    { type: 'function_call', call_id: 'a', arguments: long },
    (n) => ({ type: 'function_call_output', output: n }),
  ],
  [
    'Messages',
    { role: 'assistant', content: [{ type: 'tool_use', id: 'a', input: long }] },
    (n) => ({ role: 'user', content: [{ type: 'tool_result', content: n }] }),
  ],
])('no result of a tool of %s is kept without its call', (_, call, result) => {
  const calls = Array.from({ length: 60 }, (__, n) => [call, result(n), turn(n, 1_000)]).flat()
  for (let maxBytes = 6_000; maxBytes < 8_000; maxBytes += 97) {
    const list = kept([turn(0), ...calls, last], maxBytes) as readonly Json[]
    const gap = list.findIndex((entry) => typeof entry === 'string')
    expect(JSON.stringify(list[gap + 1])).not.toMatch(/"role":"tool"|_output|tool_result/)
  }
})

test('texts to embed keep their beginning and their end, tokens and other values what comes first', () => {
  const texts = Array.from({ length: 1_000 }, (_, n) => `text ${n} ${'x'.repeat(50)}`)
  const list = kept(texts) as readonly string[]
  expect([list[0], list.at(-1)]).toEqual([texts[0], texts[999]])
  expect(kept(Array.from({ length: 9_000 }, (_, n) => n))).toContain('[7000 more entries]')
  expect(kept('x'.repeat(20_000))).toMatch(/^x+ … \[\d+ more characters\]$/)
})

test('without room for both, what comes first is kept', () => {
  expect(kept(turns(5), 0)).toEqual(['[5 more entries]'])
})

test('pictures count as the notes that they become', () => {
  const url = `data:image/png;base64,${Buffer.alloc(30_000, 7).toString('base64')}`
  const picture = { role: 'user', content: [{ type: 'image_url', image_url: { url } }] }
  const list = kept([system, picture, ...turns(3), last]) as readonly Json[]
  expect(list).toHaveLength(6)
  expect(JSON.stringify(list)).toContain('[image/png, 30000 bytes, sha256')
})

test('whatever the conversation, it is within the limit and ends with its newest message', () => {
  const message = fc.record({
    role: fc.constantFrom('system', 'user', 'assistant', 'tool'),
    content: fc.oneof(fc.string({ maxLength: 3_000 }), fc.array(fc.integer())),
  })
  fc.assert(
    fc.property(fc.array(message, { minLength: 2, maxLength: 40 }), (messages) => {
      const list = kept([...messages, last], 4_000) as readonly Json[]
      expect(list.at(-1)).toEqual(last)
      expect(jsonSize(list)).toBeLessThanOrEqual(4_400)
    }),
    { numRuns: 100 },
  )
})
