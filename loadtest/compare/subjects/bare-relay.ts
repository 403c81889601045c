import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Pool } from 'undici'

// The least that a relay written for Node can do, a process of its own: body read whole and parsed, headers
// of both directions forwarded, answer copied, nothing recorded.

const pool = new Pool(process.env.UPSTREAM_ORIGIN ?? '', { connections: 2_048 })

/** RFC 9110 §7.6.1, and what the client library sets itself. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'upgrade',
  'host',
  'content-length',
])

const forwarded = (raw: readonly string[]): string[] =>
  raw.filter((_, at) => !hopByHop.has(raw[at - (at % 2)]?.toLowerCase() ?? ''))

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
    JSON.parse(body.toString())
    pool.dispatch(
      { path: incoming.url ?? '/', method: 'POST', headers: forwarded(incoming.rawHeaders), body },
      {
        onConnect: () => undefined,
        onHeaders(status, raw, resume) {
          outgoing.on('drain', resume)
          const fields = raw.map((field) => field.toString('latin1'))
          outgoing.writeHead(
            status,
            fields.filter(
              (_, at) => !/^(connection|transfer-encoding|keep-alive)$/i.test(fields[at - (at % 2)] ?? ''),
            ),
          )
          return true
        },
        onData: (chunk) => outgoing.write(chunk),
        onComplete: () => void outgoing.end(),
        onError: () => void outgoing.destroy(),
      },
    )
  })
})

const lookEveryMs = 10

// Its histogram holds the times between two looks of a timer, the timer's own 10 ms among them.
const delay = monitorEventLoopDelay({ resolution: lookEveryMs })
delay.enable()
process.on('message', () => {
  process.send?.(Math.max(0, delay.max / 1e6 - lookEveryMs))
  delay.reset()
})

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
