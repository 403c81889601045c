import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Json } from '../../../shared/json.ts'
import { truncate } from './truncate.ts'

test('keeps small JSON as it is', () => {
  const value = { a: [1, true, null, 'é'], b: { c: 'd' } }
  expect(truncate(value, 1_000)).toEqual(value)
})

test('truncates texts and lists at the limit and reports how much is missing', () => {
  expect(truncate(['x'.repeat(30), 'y', 'z'], 20)).toEqual([
    `${'x'.repeat(20)} … [10 more characters]`,
    '[2 more entries]',
  ])
})

test('stops after the field that used up the allowance', () => {
  expect(truncate({ a: 'x'.repeat(30), b: 'y', c: 'z' }, 20)).toEqual({
    a: expect.stringContaining('[14 more characters]'),
    '…': '[2 more fields]',
  })
})

const picture = Buffer.alloc(300, 7)
const sha256 = createHash('sha256').update(picture).digest('hex')
const base64 = picture.toString('base64')

test.each<[string, Json, Json]>([
  [
    'a data URI',
    { url: `data:image/png;base64,${base64}` },
    { url: `[image/png, 300 bytes, sha256 ${sha256}]` },
  ],
  [
    'bare base64 in a field that is known to hold it',
    { b64_json: base64 },
    { b64_json: `[base64, 300 bytes, sha256 ${sha256}]` },
  ],
  [
    'base64 with line breaks',
    { data: base64.replace(/.{76}/g, '$&\r\n') },
    { data: `[base64, 300 bytes, sha256 ${sha256}]` },
  ],
  [
    'pictures in a list (Ollama)',
    { images: [base64] },
    { images: [`[base64, 300 bytes, sha256 ${sha256}]`] },
  ],
  [
    'a data URI before a text',
    { content: `data:image/png;name=a.png;base64,${base64} What is it?` },
    { content: `[image/png, 300 bytes, sha256 ${sha256}] What is it?` },
  ],
  [
    'a data URI within a text',
    { content: `See ![it](data:image/png;base64,${base64}) \ud83d` },
    { content: `See ![it]([image/png, 300 bytes, sha256 ${sha256}]) \uFFFD` },
  ],
])('describes %s by type, size and hash', (_, value, described) => {
  expect(truncate(value, 1_000)).toEqual(described)
})

test('does not mistake long words, or texts that begin with data:, for media', () => {
  const value = { content: 'x'.repeat(500), data: 'data: see https://a.test/b, then c' }
  expect(truncate(value, 1_000)).toEqual(value)
})

test('replaces lone surrogates', () => {
  expect(truncate(['\ud83d!'], 100)).toEqual(['\uFFFD!'])
  expect(truncate({ '\ud83d': 1 }, 100)).toEqual({ '\uFFFD': 1 })
})

test('keeps fields of any name, __proto__ included', () => {
  const value = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as Json
  expect(JSON.stringify(truncate(value, 100))).toBe('{"__proto__":{"a":1},"constructor":2}')
})

test('takes no quadratic time over a data URI of parameters only', () => {
  const uri = `data:a/b${';a'.repeat(4_000_000)}`
  expect(truncate({ url: uri }, Number.POSITIVE_INFINITY)).toEqual({ url: uri })
})

test('survives JSON that is nested 100,000 deep', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as Json
  expect(JSON.stringify(truncate(deep, Number.POSITIVE_INFINITY))).toContain('nested too deeply')
})
