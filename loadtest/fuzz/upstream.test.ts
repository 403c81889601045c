import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { FuzzResponse } from './case.ts'
import type { UpstreamCommand } from './upstream-messages.ts'

const upstream = fileURLToPath(new URL('../../dist/loadtest/fuzz/upstream.js', import.meta.url))

const response: FuzzResponse = {
  status: 200,
  fields: [],
  body: Buffer.from('hello'),
  coding: 'identity',
  isEventStream: false,
  intact: true,
  framing: 'length',
  chunking: { seed: 1, maxBytes: 1 },
  informational: false,
  ending: { kind: 'complete' },
}

// A client that counts bytes knows that a response is complete before the upstream calls `end`: on a busy machine
// the next request on the connection arrived in between and never got a response.
test('a request that arrives before the previous response has ended gets a response', async () => {
  const child = fork(upstream, { serialization: 'advanced' })
  onTestFinished(() => void child.kill())
  const [{ port }] = await once(child, 'message')
  for (const id of ['a', 'b']) {
    child.send({ kind: 'play', id, response } satisfies UpstreamCommand)
    await once(child, 'message')
  }
  const requestFor = (id: string, fields = '') =>
    `GET /v1/x HTTP/1.1\r\nHost: a\r\nx-fuzz-case: ${id}\r\n${fields}\r\n`
  const socket = connect(port, '127.0.0.1')
  socket.write(requestFor('a') + requestFor('b', 'Connection: close\r\n'))
  expect((await text(socket)).match(/hello/g)).toHaveLength(2)
})
