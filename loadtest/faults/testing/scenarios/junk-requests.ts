import { connect } from 'node:net'
import type { Scenario } from '../scenario.ts'
import { orGiveUp } from '../wait-for.ts'

const post = 'POST /v1/chat/completions HTTP/1.1\r\n'
const smuggled = 'GET /v1/models HTTP/1.1\r\nhost: smuggled\r\n\r\n'

/** What two servers could read differently, or no server should read. None may reach the upstream. */
const junk: readonly string[] = [
  `${post}host: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  `${post}host: a\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\n{}{}${smuggled}`,
  `${post}host: a\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n`,
  `${post}host : a\r\n\r\n`,
  `${post}host: a\r\nhost: b\r\ncontent-length: 2\r\n\r\n{}`,
  `${post}host: a\r\nfolded: a\r\n b\r\n\r\n`,
  `${post}host: a\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n`,
  `${post}\r\n`,
  'GET http://evil.example/v1/models HTTP/1.1\r\nhost: a\r\n\r\n',
  'GET /v1/../../etc/passwd HTTP/1.1\r\nhost: a\r\n\r\n',
  `${post}host: a\r\nlong: ${'x'.repeat(100_000)}\r\n\r\n`,
  `${post}host: a\r\n${Array.from({ length: 10_000 }, (_, at) => `h${at}: 1\r\n`).join('')}\r\n`,
  'complete nonsense\r\n\r\n',
]

export const junkRequests: Scenario = {
  name: 'junk-requests',
  injected: `${junk.length} kinds of malformed and smuggled requests`,
  demands:
    'Each is refused (400, 417, 431, or closed), nothing of it reaches the upstream, and other calls feel nothing.',
  world: { deployment: 'start' },
  quick: true,
  async inject({ world, calls, check }) {
    const { port } = new URL(world.proxy.baseUrl())
    const reached = world.model.upstream.requests.length
    for (const text of junk) {
      const begin = JSON.stringify(text.slice(0, 80))
      const answer = await orGiveUp(`an answer to ${begin}`, () => answerTo(Number(port), text))
      const isRefused = answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer)
      check(isRefused, `${begin} was answered ${answer.slice(0, 20)}`)
    }
    const junkReached = world.model.upstream.requests.length - reached
    check(junkReached === 0, `${junkReached} malformed requests reached the upstream`)
    await calls.make(20)
  },
}

/** @returns the first response, or '' where the connection is closed without one */
function answerTo(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .on('close', () => resolve(''))
    socket.once('data', (chunk) => {
      resolve(chunk.toString())
      socket.destroy()
    })
    socket.write(text)
  })
}
