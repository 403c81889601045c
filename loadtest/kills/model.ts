import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const frame = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'kill-model', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`

export type Model = { readonly origin: string; stop(): void }

/** A model whose streams take as long as the request's `user` says, in ms, a frame every 50 ms. */
export async function startModel(): Promise<Model> {
  const server: Server = createServer(async (incoming, outgoing) => {
    const body = await readBody(incoming)
    if (body === undefined) return
    const { user } = JSON.parse(body) as { user: string }
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let ms = 0; ms < Number(user) && !outgoing.destroyed; ms += 50) {
      outgoing.write(frame('word '))
      await pause(50)
    }
    outgoing.end(`${frame('', 'stop')}data: [DONE]\n\n`)
  })
  server.on('clientError', (_cause, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** @returns undefined where the relay was killed before all of it had come */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString()
}
