import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RecordedCall } from '../../shared/recordings/recorded-runs.ts'

export type ReplayUpstream = {
  readonly port: number
  /** What it answers from now on, whatever is asked. */
  answer(call: RecordedCall): void
  stop(): Promise<void>
}

/** A model API that says what one said before. */
export async function startReplayUpstream(): Promise<ReplayUpstream> {
  let current: RecordedCall | undefined
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => {
      const { sse, response, status = 500 } = current ?? {}
      const type = sse === undefined ? 'application/json' : 'text/event-stream'
      outgoing.writeHead(status, { 'content-type': type }).end(sse ?? JSON.stringify(response ?? null))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    answer: (call) => {
      current = call
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
