import { type AddressInfo, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export type RawUpstream = {
  /** `http://127.0.0.1:<port>`, without `/v1`. */
  readonly origin: string
  readonly sockets: readonly Socket[]
}

/**
 * An upstream on a plain socket, for what no HTTP server does. Closed after the test.
 * @param onHead called with the head of a connection's first request, and with the bytes received after it
 */
export async function lendRawUpstream(
  onHead: (head: string, socket: Socket, rest: Buffer) => void,
): Promise<RawUpstream> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    let received: Buffer = Buffer.alloc(0)
    socket.on('data', function collect(chunk) {
      received = Buffer.concat([received, chunk])
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.off('data', collect)
      onHead(received.toString('latin1', 0, end), socket, received.subarray(end + 4))
      // A socket that is not read emits no event when its other side closes.
      socket.resume()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets }
}
