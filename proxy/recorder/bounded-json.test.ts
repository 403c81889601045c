import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../shared/json.ts'
import { parseBoundedJson } from './bounded-json.ts'

const parse = (text: string): Json | undefined => parseBoundedJson(Buffer.from(text))

/** Makes a text long enough to be looked at. */
const padding = 'a "quoted" text with \\ and é, '.repeat(10_000)

test('a text within the bounds is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 80 }), (value, backslashes) => {
      const whole = { value, ends: `${'x'.repeat(20)}${'\\'.repeat(backslashes)}`, padding }
      const text = JSON.stringify(whole)
      expect(parse(text)).toEqual(JSON.parse(text))
    }),
    { numRuns: 50 },
  )
})

test('of an object with very many fields the first are read, and a mark says how many are missing', () => {
  const fields = Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`key${at}`, 'v, {']))
  const read = parse(JSON.stringify({ before: 1, metadata: fields, after: 'still there' })) as JsonObject
  const metadata = read.metadata as JsonObject
  expect(Object.keys(metadata)).toHaveLength(2_001)
  expect(metadata).toMatchObject({ key0: 'v, {', key1999: 'v, {', '…': '[28000 more fields]' })
  expect(read).toMatchObject({ before: 1, after: 'still there' })
})

test('what is nested too deeply is left out, and what stands behind it is read', () => {
  const read = parse(`{"a":${'['.repeat(200_000)}"]"${']'.repeat(200_000)},"b":2}`) as JsonObject
  let [depth, inner] = [0, read.a as Json]
  for (; Array.isArray(inner); depth++) inner = inner[0] as Json
  expect({ depth, inner, b: read.b }).toEqual({ depth: 63, inner: '[nested too deeply]', b: 2 })
})

test('of very many objects the first are read', () => {
  const read = parse(`{"messages":[${'{"a":[]},'.repeat(200_000)}{}],"model":"m"}`) as JsonObject
  const messages = read.messages as readonly Json[]
  const last = messages.at(-1) as string
  expect(last).toMatch(/^\[\d+ more entries\]$/)
  expect(messages.length - 1 + Number.parseInt(last.slice(1), 10)).toBe(200_001)
  expect(messages.length).toBeLessThan(50_000)
})

test('hundreds of thousands of numbers, the tokens of many texts, are read', () => {
  const input = Array.from({ length: 300_000 }, (_, at) => at)
  expect(parse(JSON.stringify({ input }))).toEqual({ input })
})

test.each([
  `{"a":"${padding}`,
  `{"a":[${'1,'.repeat(900_000)}`,
  `${'['.repeat(900_000)}`,
  `"${padding.replace(/["\\]/g, '')}`,
])('a text that ends too early is not JSON', (text) => {
  expect(parse(text)).toBeUndefined()
})
