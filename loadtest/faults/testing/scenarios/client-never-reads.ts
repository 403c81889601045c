import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

const offered = 64 * 1_048_576

export const clientNeverReads: Scenario = {
  name: 'client-never-reads',
  injected: `a client asks for a stream of ${offered >> 20} MiB, and reads nothing of it`,
  demands:
    'The upstream is made to wait; memory does not grow with what is not read, and other calls feel nothing.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls, check, note }) {
    let sent = 0
    const { upstream } = world.model
    const usual = upstream.answer
    upstream.answer = async (_request, outgoing) => {
      outgoing.on('error', () => undefined).writeHead(200, { 'content-type': 'text/event-stream' })
      const chunk = Buffer.from(`: ${'x'.repeat(65_530)}\n\n`)
      while (sent < offered && !outgoing.destroyed) {
        sent += chunk.length
        if (!outgoing.write(chunk)) await drained(outgoing)
      }
    }
    const before = residentBytes(world.proxy.pid())
    const url = new URL(world.proxy.baseUrl())
    const socket = connect(Number(url.port), url.hostname).pause()
    const body = JSON.stringify({ model: 'm', stream: true, messages: [] })
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: ${url.host}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    await untilStill(() => sent)
    upstream.answer = usual
    await calls.make(20)
    const grown = residentBytes(world.proxy.pid()) - before
    note(`the upstream could send ${mebibytes(sent)} MiB; memory grew by ${mebibytes(grown)} MiB`)
    check(sent < offered / 2, `${mebibytes(sent)} MiB were taken from the upstream for nobody`)
    socket.destroy()
  },
  expects: { ownRecords: 1 },
}

async function drained(outgoing: ServerResponse): Promise<void> {
  const waiting = new AbortController()
  const { signal } = waiting
  await Promise.race([once(outgoing, 'drain', { signal }), once(outgoing, 'close', { signal })])
  waiting.abort()
}

const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(0)

const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024

/** Resolves once the number has begun to grow and has stopped. */
async function untilStill(read: () => number): Promise<void> {
  for (let before = 0; before === 0 || read() !== before; ) {
    before = read()
    await pause(500)
  }
}
