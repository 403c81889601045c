import { expect, test } from 'vitest'
import { ResponseReader } from './response-reader.ts'

function read(text: string, method = 'POST'): ResponseReader {
  const reader = new ResponseReader(method)
  for (const byte of Buffer.from(text)) reader.push(Buffer.from([byte]))
  return reader
}

test('a chunked response is read byte by byte, after an informational one', () => {
  const reader = read(
    'HTTP/1.1 102 P\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  )
  expect(reader.head?.status).toBe(200)
  expect(reader.body().toString()).toBe('abc')
  expect(reader.isComplete).toBe(true)
})

test('a response that is shorter than it announced is not whole, even when the connection ends', () => {
  const reader = read('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc')
  reader.closed()
  expect(reader.isComplete).toBe(false)
})

test('without length or chunks the end of the connection is the end', () => {
  const reader = read('HTTP/1.1 200 OK\r\n\r\nabc')
  expect(reader.isComplete).toBe(false)
  reader.closed()
  expect(reader.isComplete).toBe(true)
})

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n'],
  ['POST', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n'],
])('a response to %s may have no body', (method, text) => {
  expect(read(text, method).isComplete).toBe(true)
})

test('what is not HTTP is called so', () => {
  expect(read('SSH-2.0-x\r\n\r\n').isMalformed).toBe(true)
})
