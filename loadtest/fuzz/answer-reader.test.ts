import { expect, test } from 'vitest'
import { AnswerReader } from './answer-reader.ts'

function read(text: string, method = 'POST'): AnswerReader {
  const reader = new AnswerReader(method)
  for (const byte of Buffer.from(text)) reader.push(Buffer.from([byte]))
  return reader
}

test('a chunked answer is read byte by byte, after the interim one', () => {
  const reader = read(
    'HTTP/1.1 102 P\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  )
  expect(reader.head?.status).toBe(200)
  expect(reader.body().toString()).toBe('abc')
  expect(reader.isWhole).toBe(true)
})

test('an answer that is shorter than it announced is not whole, even when the connection ends', () => {
  const reader = read('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc')
  reader.closed()
  expect(reader.isWhole).toBe(false)
})

test('without length or chunks the end of the connection is the end', () => {
  const reader = read('HTTP/1.1 200 OK\r\n\r\nabc')
  expect(reader.isWhole).toBe(false)
  reader.closed()
  expect(reader.isWhole).toBe(true)
})

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n'],
  ['POST', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n'],
])('an answer to %s may have no body', (method, text) => {
  expect(read(text, method).isWhole).toBe(true)
})

test('what is not HTTP is called so', () => {
  expect(read('SSH-2.0-x\r\n\r\n').isMalformed).toBe(true)
})
