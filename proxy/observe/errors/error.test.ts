import { expect, test } from 'vitest'
import { type Json, parseJson } from '../../../shared/json.ts'
import { errorFrom, readErrorBody } from './error.ts'

test.each([
  [
    'OpenAI',
    '{"error":{"message":"Too fast","type":"requests","code":"rate_limit_exceeded"}}',
    429,
    'rate_limit_exceeded',
    'Too fast',
  ],
  [
    'a code that only repeats the status',
    '{"error":{"code":401,"message":"No key"}}',
    401,
    'http_401',
    'No key',
  ],
  [
    'the error beside its code',
    '{"code":"invalid-argument","error":"No such model"}',
    400,
    'invalid-argument',
    'No such model',
  ],
  [
    'no wrapping',
    '{"code":"1500","message":"Invalid model: x","type":"invalid_model"}',
    400,
    'invalid_model',
    'Invalid model: x',
  ],
  ['a type in words', '{"code":400,"message":"Wrong","type":"Bad Request"}', 400, 'Bad_Request', 'Wrong'],
  ['detail as text', '{"detail":"Not supported"}', 400, 'http_400', 'Not supported'],
  [
    'detail as a list',
    '{"detail":[{"loc":["body","n"],"msg":"too many"},{"msg":"wrong"}]}',
    422,
    'http_422',
    'body.n: too many; wrong',
  ],
  [
    'a list of errors',
    '[{"error":{"message":"Quota","status":"RESOURCE_EXHAUSTED","code":429}}]',
    429,
    'http_429',
    'Quota',
  ],
  ['errors', '{"errors":[{"message":"First"},{"message":"Second"}]}', 400, 'http_400', 'First'],
  [
    'OpenRouter',
    '{"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"slow down"}}}',
    429,
    'http_429',
    'Provider returned error: slow down',
  ],
  [
    'an event stream',
    'event: error\ndata: {"error":{"message":"Busy","type":"overloaded_error"}}\n\n',
    529,
    'overloaded_error',
    'Busy',
  ],
  [
    'a page',
    '<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title></head><body>x</body></html>',
    502,
    'http_502',
    '502 Bad Gateway',
  ],
  [
    'a page without title',
    '<html><style>a{}</style><body><p>Over capacity</p></body></html>',
    503,
    'http_503',
    'Over capacity',
  ],
  ['plain text', 'upstream connect error\n', 503, 'http_503', 'upstream connect error'],
  ['nothing', '', 500, 'http_500', 'HTTP status 500'],
  [
    'a message that is a list of faults (Mistral)',
    '{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","x"],"msg":"Not permitted"}]},"type":"invalid_request_error"}',
    422,
    'invalid_request_error',
    'body.x: Not permitted',
  ],
  [
    'a name beside the message',
    '{"statusCode":401,"error":"Unauthorized","message":"API key missing"}',
    401,
    'http_401',
    'Unauthorized: API key missing',
  ],
  ['a flag beside the message', '{"error":true,"message":"Boom"}', 500, 'http_500', 'Boom'],
  ['OAuth', '{"error":"invalid_client","error_description":"No"}', 401, 'http_401', 'invalid_client: No'],
  ['Apigee', '{"fault":{"faultstring":"Invalid key","detail":{"code":"x"}}}', 401, 'http_401', 'Invalid key'],
  ['MiniMax', '{"base_resp":{"status_code":1004,"status_msg":"login fail"}}', 401, 'http_401', 'login fail'],
  ['Baidu', '{"error_code":110,"error_msg":"Token invalid"}', 400, 'http_400', 'Token invalid'],
  ['AWS', '{"Message":"Not authorized"}', 403, 'http_403', 'Not authorized'],
  [
    'a list of texts (TGI)',
    '{"error":["first","second"],"error_type":"validation"}',
    422,
    'validation',
    'first; second',
  ],
  [
    'a title over faults by field',
    '{"title":"Validation errors","errors":{"model":["required"]}}',
    400,
    'http_400',
    'Validation errors',
  ],
  ['an error in an error', '{"detail":{"error":{"message":"Inner"}}}', 400, 'http_400', 'Inner'],
  [
    "OpenRouter, with the provider's own JSON",
    '{"error":{"code":400,"message":"Provider returned error","metadata":{"raw":"{\\"error\\":{\\"message\\":\\"Too long\\"}}"}}}',
    400,
    'http_400',
    'Provider returned error: Too long',
  ],
  ['JSON without an error', '{"ok":false}', 500, 'http_500', '{"ok":false}'],
])('reads the error of %s', (_, text, status, type, message) => {
  expect(readErrorBody(text, status)).toMatchObject({ type, message })
})

test('keeps the message to one line of 500 characters, in whole code points', () => {
  const { message } = readErrorBody(`${'a'.repeat(498)}😀\n${'b'.repeat(500)}`, 400)
  expect(message).toBe(`${'a'.repeat(498)}…`)
})

test('masks the key that a provider quotes', () => {
  const { message } = readErrorBody(
    '{"error":{"message":"Incorrect API key: sk-proj-abc123. See docs."}}',
    401,
  )
  expect(message).toBe('Incorrect API key: [credential] See docs.')
})

test.each(['sk-ant-abc123', 'gsk_abcdefghijklmnop', 'AIzaSyA1234567890abc', 'pplx-abcdef', 'Bearer eyJ.x.y'])(
  'recognises %s as a key',
  (key) => {
    expect(readErrorBody(`No such key: ${key}`, 401).message).toBe('No such key: [credential]')
  },
)

test.each(['', {}, false, null, { message: '', type: '', code: null }])(
  'does not read %j as an error',
  (error) => {
    expect(errorFrom({ error })).toBeUndefined()
  },
)

test('does not throw on deep nesting', () => {
  const deep = parseJson(`${'['.repeat(50_000)}"x"${']'.repeat(50_000)}`) as Json
  for (const json of [deep, { error: deep }, { message: deep }, { message: [{ loc: [deep], msg: 'm' }] }]) {
    expect(() => errorFrom(json)).not.toThrow()
  }
})

test('finds no error in other JSON', () => {
  expect(errorFrom({ id: 'chatcmpl-1', choices: [] })).toBeUndefined()
  expect(errorFrom(null)).toBeUndefined()
})

test.each<[string, Json, object]>([
  [
    'the type beside a code, and the field',
    {
      message: 'No',
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      param: 'messages[3].content',
    },
    { type: 'context_length_exceeded', kind: 'invalid_request_error', param: 'messages[3].content' },
  ],
  [
    'a type that is alone',
    { message: 'No', type: 'requests', code: null, param: null },
    { type: 'requests' },
  ],
  ['`None` as nothing', { message: 'No', type: 'None', code: 'None', param: 'None' }, { type: 'http_400' }],
  [
    '`null` as nothing',
    { message: 'No', type: 'BadRequestError', code: 'null', param: '' },
    { type: 'BadRequestError' },
  ],
  ['a status as no code', { message: 'No', type: 'BadRequestError', code: 400 }, { type: 'BadRequestError' }],
])('reads %s', (_, error, expected) => {
  expect(readErrorBody(JSON.stringify({ error }), 400)).toEqual({ message: 'No', ...expected })
})

test('URLs in an error are shown without user, password and query values', () => {
  const quoted = (message: string) => readErrorBody(JSON.stringify({ message }), 400).message
  expect(quoted('GET https://ada:secret@h/v1?key=abcd failed')).toBe('GET https://***@h/v1?key=*** failed')
  expect(quoted('bad request: /v1/models?api_key=abcdef&limit=2')).toBe(
    'bad request: /v1/models?api_key=[credential]&limit=2',
  )
})
