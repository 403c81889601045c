import fc from 'fast-check'
import { expect, test } from 'vitest'
import { growth, linear } from '../observe/testing/growth.ts'
import { JsonScanner } from './json-scanner.ts'

const wanted = new Set(['stream', 'stream_options', 'model', 'metadata'])

/** @returns the wanted values, parsed, or undefined where the scanner found no object */
function scan(body: Buffer, cuts: readonly number[] = []): Record<string, unknown> | undefined {
  const scanner = new JsonScanner(wanted)
  const places = [...new Set(cuts.map((cut) => cut % (body.length + 1)))].sort((a, b) => a - b)
  for (const [n, start] of [0, ...places].entries()) scanner.push(body.subarray(start, places[n]))
  const found = scanner.end()
  if (found === undefined) return undefined
  const values = [...found.values].map(([key, { start, end }]) => [
    key,
    JSON.parse(body.toString('utf8', start, end)),
  ])
  return Object.fromEntries(values)
}

/** What JSON.parse says of the same keys. */
function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    const json = JSON.parse(body.toString('utf8'))
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
    return Object.fromEntries(
      [...wanted].filter((key) => Object.hasOwn(json, key)).map((key) => [key, json[key]]),
    )
  } catch {
    return undefined
  }
}

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
const escapedKey = fc.constantFrom(
  '"stream"',
  '"model"',
  '"metadata"',
  '"stream_options"',
  '"str\\u0065am"',
  '"\\u006dodel"',
  '"stream\\u0000"',
  '"strea"',
  '"a\\"b"',
  '"\\\\"',
  '""',
  '"__proto__"',
  '"\\ud83d\\ude00"',
)
const leaf = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.string().map((text) => JSON.stringify(text.repeat(40))),
  fc.constantFrom('"\\\\"', '"\\""', '"\\\\\\""', '"{[\\"]}"', 'true', 'false', 'null', '-1.5e+7', '0', '""'),
  fc.json(),
)
const objectText = fc
  .array(
    fc.tuple(
      fc.oneof(
        escapedKey,
        fc.string().map((key) => JSON.stringify(key)),
      ),
      leaf,
      space,
      space,
    ),
    { maxLength: 8 },
  )
  .chain((fields) => fc.tuple(fc.constant(fields), space, space))
  .map(
    ([fields, before, after]) =>
      `${before}{${fields.map(([key, value, a, b]) => `${a}${key}${b}:${a}${value}${b}`).join(',')}}${after}`,
  )

test('any JSON object, cut anywhere, is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(objectText, fc.array(fc.nat(), { maxLength: 5 }), (text, cuts) => {
      const body = Buffer.from(text)
      expect(scan(body, cuts)).toEqual(parsed(body))
    }),
    { numRuns: 2_000 },
  )
})

test('any other JSON has no keys', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(scan(Buffer.from(text))).toEqual(parsed(Buffer.from(text)))
    }),
  )
})

test('bytes that are no JSON object never give more than JSON.parse would', () => {
  const damaged = fc.tuple(objectText, fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
    const body = Buffer.from(text)
    if (body.length > 0) body[at % body.length] = byte
    return body
  })
  const topLevel = fc.constantFrom(
    '',
    ' ',
    '{',
    '}',
    '{}',
    '{},',
    '{"model"}',
    '{"model":}',
    '{"model" "m"}',
    '{"model":"m",}',
    '{,"model":"m"}',
    '{"model":"m"}x',
    '{"model":"m"}{"model":"n"}',
    '{model:"m"}',
    '{"model":"m"',
    '{"model":"m\\"',
    '{"model":[}',
    '{"model":{]}',
    '{"model":[1,2}',
    '[{"model":"m"}]',
    '\uFEFF{"model":"m"}',
    '{"mo\ndel":"m"}',
    '{"\\x":1}',
    '{"stream":@}',
  )
  fc.assert(
    fc.property(topLevel, (text) => {
      expect(scan(Buffer.from(text))).toEqual(parsed(Buffer.from(text)))
    }),
    { numRuns: 500 },
  )
  // A damaged byte inside of a string, a literal or a nested value may go unseen: then the value itself cannot be read.
  fc.assert(
    fc.property(damaged, (body) => {
      let found: Record<string, unknown> | undefined
      try {
        found = scan(body)
      } catch {
        return
      }
      const truth = parsed(body)
      if (truth !== undefined) expect(found).toEqual(truth)
    }),
    { numRuns: 2_000 },
  )
})

test('invalid UTF-8 in strings and keys changes nothing', () => {
  const body = Buffer.concat([
    Buffer.from('{"a\xff":"\xc3\x28\xf0","stream":true,"b":"', 'latin1'),
    Buffer.from([0xe2, 0x22]),
    Buffer.from('}'),
  ])
  expect(scan(body)).toEqual({ stream: true })
})

test('a million nested brackets are passed over', () => {
  const deep = `{"a":${'['.repeat(1e6)}${']'.repeat(1e6)},"stream":true}`
  expect(scan(Buffer.from(deep))).toEqual({ stream: true })
})

test.each([
  ['brackets', (n: number) => `{"a":${'[{"b":'.repeat(n)}1${'}]'.repeat(n)}}`],
  ['escaped quotes', (n: number) => `{"a":"${'\\"'.repeat(n)}"}`],
  ['backslashes', (n: number) => `{"a":"${'\\\\'.repeat(n)}"}`],
  ['long texts', (n: number) => `{"a":"${'x'.repeat(10 * n)}"}`],
  ['an open text', (n: number) => `{"a":"${'\\\\'.repeat(n)}`],
  ['a long key', (n: number) => `{"${'k'.repeat(n)}":1}`],
  ['many keys', (n: number) => `{${'"model":1,'.repeat(n)}"b":2}`],
])('%s take linear time', (_, make) => {
  expect(growth((size) => scan(Buffer.from(make(size))), 100_000)).toBeLessThan(linear)
})
