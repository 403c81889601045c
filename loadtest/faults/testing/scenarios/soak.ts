import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

const preload = new URL('../preload/held-memory.mjs', import.meta.url)

/** What the proxy held after so many calls. */
type Held = { readonly calls: number; readonly bytes: number }

/** In the first minutes some 2 KB of each are remembered on purpose, until as many are as fit (see Buffers in ARCHITECTURE). */
const maxBytesLeft = 5_000

/** `--minutes 30` for a long one. */
export const soakFor = (minutes: number): Scenario => ({
  name: 'soak',
  injected: `${minutes} minutes of calls, with every link failing a little in turn (--minutes for more)`,
  demands: 'Nothing is lost, and memory does not grow from one half to the other.',
  world: {
    deployment: 'split',
    redis: { args: ['--appendonly', 'yes'] },
    env: { NODE_OPTIONS: `--import ${preload}` },
  },
  quick: false,
  async inject({ world, calls, check, note }) {
    const end = performance.now() + minutes * 60_000
    const memory: number[] = []
    const held: Held[] = []
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
      held.push({ calls: calls.outcomes.length, bytes: heldBytes(world.proxy.dataDir) })
    }
    const [first, second] = [memory.slice(0, memory.length >> 1), memory.slice(memory.length >> 1)].map(
      (part) => Math.max(...part),
    )
    note(`resident memory of the proxy: at most ${first} MB in the first half, ${second} MB in the second`)
    check((second ?? 0) < (first ?? 0) * 1.5, 'memory grows from one half to the other')
    const left = bytesLeftPerCall(held.slice(held.length >> 1))
    note(`each call of the second half left ${left.toFixed(0)} bytes in the proxy's threads, garbage apart`)
    check(left < maxBytesLeft, `each call of the second half left ${left.toFixed(0)} bytes behind`)
  },
  expects: { patienceMs: 60_000 },
})

export const soak = soakFor(1)

const residentMegabytes = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024)

/** What the threads of a process hold, without garbage. */
const heldBytes = (dataDir: string): number =>
  readdirSync(dataDir)
    .filter((name) => /^held-memory-\d+$/.test(name))
    .reduce((sum, name) => sum + Number(readFileSync(join(dataDir, name), 'utf8')), 0)

function bytesLeftPerCall(held: readonly Held[]): number {
  const [first, last] = [held[0], held.at(-1)]
  if (first === undefined || last === undefined || last.calls === first.calls) return 0
  return (last.bytes - first.bytes) / (last.calls - first.calls)
}
