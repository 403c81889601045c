import { errors } from 'undici'
import { expect, test } from 'vitest'
import { callError, upstreamFault } from './faults.ts'

const coded = (code: string, message = code) => Object.assign(new Error(message), { code })

const connecting = (code: string) => Object.assign(coded(code), { syscall: 'connect' })

test.each([
  ['a refused connection', coded('ECONNREFUSED'), 'upstream_unreachable'],
  ['an unknown host', coded('ENOTFOUND'), 'upstream_unreachable'],
  ['a failed attempt at every address', new AggregateError([coded('ECONNREFUSED')]), 'upstream_unreachable'],
  ['no file left for a connection', connecting('EMFILE'), 'upstream_unreachable'],
  ['a connection that is reset at once', connecting('ECONNRESET'), 'upstream_unreachable'],
  ['a connection that took too long', new errors.ConnectTimeoutError(), 'upstream_unreachable'],
  ['an untrusted certificate', coded('SELF_SIGNED_CERT_IN_CHAIN'), 'upstream_unreachable'],
  ['a late head', new errors.HeadersTimeoutError(), 'upstream_timeout'],
  ['a stalled body', new errors.BodyTimeoutError(), 'upstream_timeout'],
  ['what is not HTTP', new errors.HTTPParserError('no'), 'upstream_protocol_error'],
  ['a head that is too long', new errors.HeadersOverflowError(), 'upstream_protocol_error'],
  ['a body of another length', new errors.ResponseContentLengthMismatchError(), 'upstream_protocol_error'],
  ['a body that is not gzip', coded('Z_DATA_ERROR'), 'upstream_protocol_error'],
  ['a closed connection', new errors.SocketError('other side closed'), 'upstream_closed'],
  ['a reset', coded('ECONNRESET'), 'upstream_closed'],
  ['what is not an Error', 'gone', 'upstream_closed'],
])('%s', (_what, cause, code) => {
  const fault = upstreamFault(cause, 'http://a')
  expect(fault.code).toBe(code)
  expect(fault.message).toContain('http://a')
  expect(callError(fault)).toEqual({ type: code, message: fault.message })
})

test('names the code where an error has no message', () => {
  expect(upstreamFault(coded('EPERM', ''), 'http://a').message).toBe('no connection to http://a: EPERM')
})
