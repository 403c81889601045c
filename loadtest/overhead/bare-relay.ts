import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { Pool } from 'undici'

// The minimum of a relay on Node: request body read and parsed, response copied, nothing recorded.
const pool = new Pool(process.env.UPSTREAM_ORIGIN ?? '', { connections: 256 })
const server = createServer(async (incoming, outgoing) => {
  const body = await buffer(incoming)
  JSON.parse(body.toString())
  pool.dispatch(
    {
      path: incoming.url ?? '/',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    },
    {
      onConnect: () => undefined,
      onHeaders(status, headers, resume) {
        outgoing.on('drain', resume)
        const fields = headers.map(String)
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
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
