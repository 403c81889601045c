import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import type { Upstream } from '../ingress/target.ts'
import {
  isTransferDecoded,
  pairs,
  rawFields,
  reasonPhrase,
  requestHeaders,
  responseHead,
  withoutFields,
} from './headers.ts'

const upstream: Upstream = { name: 'default', origin: 'http://a', basePath: '/v1', provider: 'openai' }
const bytes = (...fields: string[]) => fields.map((part) => Buffer.from(part, 'latin1'))

function request(...rawHeaders: string[]): IncomingMessage {
  const headers = Object.fromEntries(pairs(rawHeaders).map(([name, value]) => [name.toLowerCase(), value]))
  return { rawHeaders, headers } as unknown as IncomingMessage
}

test('keeps order, spelling and repeats of request fields, and drops connection-specific ones and our tags', () => {
  const incoming = request(
    ...['Host', 'a', 'X-B', '1', 'x-a', '2', 'X-B', '3', 'X-Thread-Id', 't', 'Content-Length', '9'],
    ...[
      'Connection',
      'close, X-Hop',
      'X-Hop',
      '4',
      'TE',
      'trailers',
      'Trailer',
      'X-Sum',
      'Expect',
      '100-continue',
    ],
  )
  expect(requestHeaders(incoming, upstream, {})).toEqual(['X-B', '1', 'x-a', '2', 'X-B', '3'])
})

test('sets the length and the accept-encoding of a rewritten request', () => {
  const incoming = request('Accept-Encoding', 'zstd', 'content-length', '9')
  expect(requestHeaders(incoming, upstream, { bodyBytes: 12, acceptEncoding: 'gzip' })).toEqual([
    ...['accept-encoding', 'gzip', 'content-length', '12'],
  ])
})

test.each(['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'])(
  'adds our API key only where the client sends no %s',
  (name) => {
    const ours = { ...upstream, apiKey: 'sk-ours' }
    expect(requestHeaders(request(), ours, {})).toEqual(['authorization', 'Bearer sk-ours'])
    expect(requestHeaders(request(name, 'theirs'), ours, {})).toEqual([name, 'theirs'])
  },
)

test("adds our API key as x-api-key where the upstream is Anthropic's", () => {
  const ours = { ...upstream, provider: 'anthropic', apiKey: 'sk-ours' }
  expect(requestHeaders(request(), ours, {})).toEqual(['x-api-key', 'sk-ours'])
  expect(requestHeaders(request('Authorization', 'theirs'), ours, {})).toEqual(['Authorization', 'theirs'])
})

test('keeps order, spelling, repeats and Latin-1 bytes of response fields', () => {
  const fields = ['X-B', 'caf\xe9', 'Set-Cookie', 'a=1', 'x-a', '2', 'set-cookie', 'b=2']
  const { fields: kept, byName, recorded } = responseHead(bytes(...fields))
  expect(kept).toEqual(fields)
  // A cookie may be a key to the upstream.
  expect(recorded).toEqual(['X-B', 'caf\xe9', 'x-a', '2'])
  expect(byName).toMatchObject({ 'x-b': 'caf\xe9', 'set-cookie': 'b=2' })
})

test('drops connection-specific response fields, and those that any Connection field names', () => {
  const { fields, byName } = responseHead(
    bytes(
      'Connection',
      'X-One',
      'Connection',
      'keep-alive, x-two',
      'X-One',
      '1',
      'X-Two',
      '2',
      'Keep-Alive',
      '9',
      'X',
      '3',
    ),
  )
  expect(fields).toEqual(['X', '3'])
  expect(byName.connection).toBe('X-One, keep-alive, x-two')
})

test('fails loudly where undici passes no raw fields', () => {
  expect(() => rawFields(undefined)).toThrow(TypeError)
  expect(() => rawFields({ 'x-a': '1' })).toThrow(TypeError)
})

test.each([
  [undefined, true],
  ['chunked', true],
  ['Identity', true],
  ['gzip', false],
  ['gzip, chunked', false],
])('a body in the transfer coding %s is decoded: %s', (coding, expected) => {
  expect(
    isTransferDecoded(responseHead(coding === undefined ? [] : bytes('Transfer-Encoding', coding))),
  ).toBe(expected)
})

test.each([
  ['Not Found', 'Not Found'],
  ['caf\u00e9', 'caf\xc3\xa9'],
  ['a\x01b', 'a?b'],
])('writes the reason phrase %j as %j', (text, expected) => {
  expect(reasonPhrase(text)).toBe(expected)
})

test('removes named fields in any spelling', () => {
  expect(withoutFields(['Content-Length', '1', 'X', '2', 'content-length', '3'], 'content-length')).toEqual([
    'X',
    '2',
  ])
})
