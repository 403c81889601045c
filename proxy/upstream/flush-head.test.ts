import { once } from 'node:events'
import { expect, test } from 'vitest'
import { lendResponse } from '../testing/lend-response.ts'
import { flushHead } from './flush-head.ts'

test('sends the head at once, as Latin-1', async () => {
  const { outgoing, client } = await lendResponse()
  outgoing.writeHead(200, ['X-Name', 'caf\xe9'])
  flushHead(outgoing)
  const [head] = await once(client, 'data')
  expect(head).toContain('\r\nX-Name: caf\xe9\r\n')
})
