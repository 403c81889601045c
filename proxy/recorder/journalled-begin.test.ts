import { expect, test } from 'vitest'
import { type CallBegin, readBegin, writeBegin } from '../tape/messages.ts'
import { callerHeaders } from './caller-scope.ts'
import { createBeginWriter } from './journalled-begin.ts'

const begin: CallBegin = {
  id: 'a'.repeat(32),
  freshTraceId: 'b'.repeat(32),
  startedAt: 1,
  method: 'POST',
  upstream: 'default',
  operation: 'chat',
  route: '/v1/chat/completions',
  pathThread: 'ada%40example.com',
  body: 'held',
  headers: ['x-user-id', 'ada@example.com', 'baggage', 'user.id=%61da'],
}
const payload = Buffer.from(writeBegin(begin), 'latin1')

test('credentials stand on disk as the hash that tells tenants apart, which the recorder reads again', () => {
  const write = createBeginWriter({ tenantOf: (credentials) => `hash of ${credentials.length}` })
  const written = write(payload, 'Bearer sk-secret\n')
  expect(written).not.toContain('sk-')
  const { headers } = readBegin(Buffer.from(written, 'latin1'))
  expect(callerHeaders(headers, '')).toEqual({
    headers: ['x-user-id', 'ada@example.com', 'baggage', 'user.id=%61da'],
    credentials: '',
    tenant: 'hash of 17',
  })
})

test('with REDACT what the client says of itself is redacted, or left out where it is encoded', () => {
  const write = createBeginWriter({ redactId: (text) => text.replaceAll(/ada/g, '[name]') })
  const named = Buffer.from(writeBegin({ ...begin, route: '/v1/files/%61da' }), 'latin1')
  const { headers, pathThread, route } = readBegin(Buffer.from(write(named, ''), 'latin1'))
  expect(route).toBe('/v1/files/[name]')
  expect(headers).toEqual(['x-user-id', '[name]@example.com', 'threadtap-tenant', ''])
  expect(pathThread).toBe('%5Bname%5D%40example.com')
})
