import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

/** `--minutes 30` for a long one. */
export const soakFor = (minutes: number): Scenario => ({
  name: 'soak',
  injected: `${minutes} minutes of calls, with every link failing a little in turn (--minutes for more)`,
  demands: 'Nothing is lost, and memory does not grow from one half to the other.',
  world: { deployment: 'split', redis: { args: ['--appendonly', 'yes'] } },
  quick: false,
  async inject({ world, calls, check, note }) {
    const end = performance.now() + minutes * 60_000
    const memory: number[] = []
    const faults = [
      () => world.links.redis.reset(),
      () => world.links.langfuse.reset(),
      () => world.links.redis.stall(),
      () => world.links.langfuse.delay(300),
      () => world.langfuse.failNext({ kind: 'processed_then_reset' }),
      () => world.links.langfuse.refuse(),
    ]
    for (let turn = 0; performance.now() < end; turn++) {
      faults[turn % faults.length]?.()
      await calls.make(60, { everyMs: 20 })
      await pause(200)
      world.links.redis.heal()
      world.links.langfuse.heal()
      memory.push(residentMegabytes(world.proxy.pid()))
    }
    const [first, second] = [memory.slice(0, memory.length >> 1), memory.slice(memory.length >> 1)].map(
      (part) => Math.max(...part),
    )
    note(`resident memory of the proxy: at most ${first} MB in the first half, ${second} MB in the second`)
    check((second ?? 0) < (first ?? 0) * 1.5, 'memory grows from one half to the other')
  },
  expects: { patienceMs: 60_000 },
})

export const soak = soakFor(1)

const residentMegabytes = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024)
