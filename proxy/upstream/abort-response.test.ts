import { expect, test } from 'vitest'
import { lendResponse } from '../testing/lend-response.ts'
import { abortResponse } from './abort-response.ts'

test('closes the connection after the head and every byte written, without an end of the body', async () => {
  const { outgoing, received } = await lendResponse()
  outgoing.writeHead(200, { 'transfer-encoding': 'chunked' })
  outgoing.write('half')
  abortResponse(outgoing)
  expect(await received()).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n4\r\nhalf\r\n$/)
})

test('sends a head that nothing has flushed yet', async () => {
  const { outgoing, received } = await lendResponse()
  outgoing.writeHead(200, { 'content-length': '10' })
  abortResponse(outgoing)
  expect(await received()).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-length: 10\r\n[\s\S]*\r\n\r\n$/)
})

test('resets the connection of an HTTP/1.0 client', async () => {
  const { outgoing, received } = await lendResponse('GET / HTTP/1.0\r\n\r\n')
  outgoing.writeHead(200)
  outgoing.write('half')
  abortResponse(outgoing)
  await expect(received()).rejects.toThrow('ECONNRESET')
})

test('sends nothing where no head was written', async () => {
  const { outgoing, received } = await lendResponse()
  abortResponse(outgoing)
  expect(await received()).toBe('')
})
