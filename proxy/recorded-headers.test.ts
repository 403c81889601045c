import { expect, test } from 'vitest'
import { headerFamilies } from './attribution/names/headers.ts'
import { recordedHeaders } from './recorded-headers.ts'

test('what recording reads is passed on: names that attribute, and who pays apart from them', () => {
  const raw = ['X-Thread-Id', 't', 'Authorization', 'Bearer k', 'User-Agent', 'a', 'traceparent', '00-1-2-01']
  expect(recordedHeaders(raw)).toEqual({
    headers: ['x-thread-id', 't', 'traceparent', '00-1-2-01'],
    credentials: 'Bearer k\n',
  })
})

test('keys for other services are known, and not passed on', () => {
  const names = headerFamilies.flatMap(({ names }) =>
    Object.entries(names).flatMap(([name, meaning]) => (meaning === 'nothing' ? [name] : [])),
  )
  expect(names).toContain('helicone-auth')
  const raw = names.flatMap((name) => [name.replace('*', 'config'), 'key'])
  expect(recordedHeaders(raw)).toEqual({ headers: [], credentials: '' })
})
