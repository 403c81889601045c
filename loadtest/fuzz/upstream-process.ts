import { fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FuzzResponse } from './case.ts'
import type { ReceivedRequest, UpstreamCommand, UpstreamMessage } from './upstream-messages.ts'

export type UpstreamProcess = {
  readonly port: number
  /** Registers the response to a call that is about to be made. */
  play(id: string, response: FuzzResponse): Promise<void>
  /** @returns the requests received of that call, which is then over */
  received(id: string): Promise<readonly ReceivedRequest[]>
  /** @returns the number of calls received so far */
  count(): Promise<number>
  stop(): void
}

/** Starts `upstream.ts` as a separate process. */
export async function startUpstream(): Promise<UpstreamProcess> {
  const child = fork(fileURLToPath(new URL('./upstream.js', import.meta.url)), { serialization: 'advanced' })
  const messages = new EventEmitter().setMaxListeners(0)
  child.on('message', (message: UpstreamMessage) => {
    messages.emit('id' in message ? `${message.kind} ${message.id}` : message.kind, message)
  })
  const send = (message: UpstreamCommand): void => void child.send(message)
  const [{ port }] = await once(messages, 'listening')
  return {
    port,
    async play(id, response) {
      const ready = once(messages, `ready ${id}`)
      send({ kind: 'play', id, response })
      await ready
    },
    async received(id) {
      const reply = once(messages, `received ${id}`)
      send({ kind: 'finish', id })
      return (await reply)[0].requests
    },
    async count() {
      const reply = once(messages, 'counted')
      send({ kind: 'count' })
      return (await reply)[0].calls
    },
    stop: () => void child.kill(),
  }
}
