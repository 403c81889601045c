import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Random } from '../random/random.ts'

/** A call as its client saw it; times in ms of the monotonic clock. */
export type SeenCall = {
  readonly id: string
  /** When the head of its response had come. */
  readonly begunAt: number
  endedAt?: number
}

export type Traffic = {
  /** Calls whose response had begun. */
  readonly seen: readonly SeenCall[]
  /** Resolves when no call is made or answered any more. */
  stop(): Promise<void>
}

/** Makes calls at a rate until it is stopped, whether earlier ones are answered or not: streams of up to a second. */
export function startTraffic(
  origin: string,
  { perSecond, promptBytes }: { readonly perSecond: number; readonly promptBytes: number },
  random: Random,
): Traffic {
  const agent = new Agent({ connections: 1_000 })
  const seen: SeenCall[] = []
  const calls = new Set<Promise<void>>()
  const tickMs = 20
  const prompt = 'x'.repeat(promptBytes)
  let isStopped = false

  async function call(): Promise<void> {
    const response = await request(`${origin}/v1/chat/completions`, {
      method: 'POST',
      dispatcher: agent,
      headers: { authorization: 'Bearer sk-kills', 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'kill-model',
        stream: true,
        user: String(random.chance(0.5) ? 0 : random.integer(0, 1_000)),
        messages: [{ role: 'user', content: prompt }],
      }),
    })
    const begun: SeenCall = { id: String(response.headers['x-call-id']), begunAt: performance.now() }
    seen.push(begun)
    await response.body.dump({ limit: 1e9 })
    begun.endedAt = performance.now()
  }

  const made = (async () => {
    let due = 0
    while (!isStopped) {
      for (due += (perSecond * tickMs) / 1_000; due >= 1; due--) {
        const running: Promise<void> = call()
          .catch(() => undefined)
          .then(() => void calls.delete(running))
        calls.add(running)
      }
      await pause(tickMs)
    }
  })()

  return {
    seen,
    async stop() {
      isStopped = true
      await made
      await agent.destroy()
      await Promise.all(calls)
    },
  }
}
