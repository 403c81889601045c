import { type AddressInfo, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export type RawUpstream = {
  /** `http://127.0.0.1:<port>`, without `/v1`. */
  readonly origin: string
  readonly sockets: readonly Socket[]
}

/**
 * An upstream that speaks bytes, for what no HTTP server would do; for the time of one test.
 * @param onHead told of each request's head, with what came together with it
 */
export async function lendRawUpstream(
  onHead: (head: string, socket: Socket, rest: Buffer) => void,
): Promise<RawUpstream> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    let seen: Buffer = Buffer.alloc(0)
    socket.on('data', function collect(chunk) {
      seen = Buffer.concat([seen, chunk])
      const end = seen.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.off('data', collect)
      onHead(seen.toString('latin1', 0, end), socket, seen.subarray(end + 4))
      // A socket that nobody reads does not tell that its other side has gone.
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
