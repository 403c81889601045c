import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { FuzzAnswer } from './case.ts'
import type { ToUpstream } from './upstream-messages.ts'

const upstream = fileURLToPath(new URL('../../dist/loadtest/fuzz/upstream.js', import.meta.url))

const answer: FuzzAnswer = {
  status: 200,
  fields: [],
  body: Buffer.from('hello'),
  coding: 'identity',
  isEventStream: false,
  intact: true,
  framing: 'length',
  cut: { seed: 1, most: 1 },
  interim: false,
  ending: { how: 'whole' },
}

// Whoever counts bytes knows an answer whole before the upstream says that it is: on a busy machine the next call of
// a kept connection came in between, and was never answered.
test('a request that comes before the answer ahead of it has ended is answered', async () => {
  const child = fork(upstream, { serialization: 'advanced' })
  onTestFinished(() => void child.kill())
  const [{ port }] = await once(child, 'message')
  for (const id of ['a', 'b']) {
    child.send({ kind: 'play', id, answer } satisfies ToUpstream)
    await once(child, 'message')
  }
  const ask = (id: string, fields = '') =>
    `GET /v1/x HTTP/1.1\r\nHost: a\r\nx-fuzz-case: ${id}\r\n${fields}\r\n`
  const socket = connect(port, '127.0.0.1')
  socket.write(ask('a') + ask('b', 'Connection: close\r\n'))
  expect((await text(socket)).match(/hello/g)).toHaveLength(2)
})
