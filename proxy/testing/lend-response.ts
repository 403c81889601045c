import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export type LentResponse = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** The client's socket; nothing is read from it before `received`. */
  readonly client: Socket
  /** Reads until the connection closes; rejects on a reset. One character per byte. */
  received(): Promise<string>
}

/** A server's response to this request, on a real connection, for the time of one test. */
export async function lendResponse(
  request = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
): Promise<LentResponse> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1')
  onTestFinished(async () => {
    client.destroy()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  client.write(request)
  const [incoming, outgoing] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  outgoing.sendDate = false
  return { incoming, outgoing, client, received: () => text(client) }
}
