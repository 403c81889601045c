import { fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FuzzAnswer } from './case.ts'
import type { FromUpstream, Seen, ToUpstream } from './upstream-messages.ts'

export type UpstreamProcess = {
  readonly port: number
  /** Gives it the answer to a call that is about to be made. */
  play(id: string, answer: FuzzAnswer): Promise<void>
  /** @returns what reached it of that call */
  seen(id: string): Promise<readonly Seen[]>
  /** @returns how many calls reached it in all */
  count(): Promise<number>
  stop(): void
}

/** Starts `upstream.ts` as a process of its own. */
export async function startUpstream(): Promise<UpstreamProcess> {
  const child = fork(fileURLToPath(new URL('./upstream.js', import.meta.url)), { serialization: 'advanced' })
  const heard = new EventEmitter().setMaxListeners(0)
  child.on('message', (message: FromUpstream) => {
    heard.emit('id' in message ? `${message.kind} ${message.id}` : message.kind, message)
  })
  const tell = (message: ToUpstream): void => void child.send(message)
  const [{ port }] = await once(heard, 'listening')
  return {
    port,
    async play(id, answer) {
      const ready = once(heard, `ready ${id}`)
      tell({ kind: 'play', id, answer })
      await ready
    },
    async seen(id) {
      const answer = once(heard, `seen ${id}`)
      tell({ kind: 'over', id })
      return (await answer)[0].requests
    },
    async count() {
      const answer = once(heard, 'counted')
      tell({ kind: 'count' })
      return (await answer)[0].calls
    },
    stop: () => void child.kill(),
  }
}
