import { Pool } from 'undici'
import { callsThrough, type MakeCall } from '../compare/load/one-call.ts'
import { readUsage } from '../compare/usage/read-usage.ts'
import type { StartedThreadtap } from '../process/start-threadtap.ts'

/** CPU time per call in µs: of the whole process, and of its main thread, which relays. */
export type Cost = { readonly processUs: number; readonly relayUs: number }

export type ViewersLoad = {
  readonly name: string
  readonly body: Buffer
  /** Calls of one round. */
  readonly calls: number
  readonly atOnce: number
}

/** Puts one round of a load on threadtap while so many viewers look at its live calls. */
export async function measureRound(
  { child, origin, admin }: StartedThreadtap,
  { body, calls, atOnce }: ViewersLoad,
  viewers: number,
): Promise<Cost> {
  const leave = await watch(admin, viewers)
  const pool = new Pool(origin, { connections: atOnce })
  const processes = [{ role: 'relay', pid: child.pid as number }] as const
  const [before] = readUsage(processes)
  await makeCalls(callsThrough(pool, '/v1/chat/completions', []), body, calls, atOnce)
  await recorded(admin)
  const [after] = readUsage(processes)
  await pool.close()
  leave()
  const perCall = (of: 'cpuMs' | 'mainThreadMs'): number =>
    (1_000 * ((after?.[of] ?? 0) - (before?.[of] ?? 0))) / calls
  return { processUs: perCall('cpuMs'), relayUs: perCall('mainThreadMs') }
}

/** @throws Error where a call fails */
async function makeCalls(make: MakeCall, body: Buffer, calls: number, atOnce: number): Promise<void> {
  let begun = 0
  const one = async (): Promise<void> => {
    while (begun < calls) {
      const { ok } = await make(body, begun++)
      if (!ok) throw new Error('a call failed')
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

/** What a round began must not be paid by the next one. */
async function recorded(admin: string): Promise<void> {
  for (;;) {
    const { accepted, delivered } = (await (await fetch(`${admin}/ledger`)).json()) as Record<string, number>
    if (accepted === delivered) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** @returns ends the watching */
async function watch(admin: string, viewers: number): Promise<() => void> {
  const abort = new AbortController()
  for (let n = 0; n < viewers; n++) {
    const { body, status } = await fetch(`${admin}/api/live`, { signal: abort.signal })
    if (status !== 200) throw new Error(`a viewer got status ${status}`)
    void body?.pipeTo(new WritableStream()).catch(() => undefined)
  }
  return () => abort.abort()
}
