import { readUsage } from '../compare/usage/read-usage.ts'
import { median } from '../overhead/quantile.ts'
import type { Step } from './order.ts'
import { send } from './replay.ts'
import { startReplayUpstream } from './replay-upstream.ts'
import { startStitchingThreadtap } from './threadtap-process.ts'

/** CPU time per call in µs, of the whole process and of its main thread, which relays. */
export type Cost = { readonly processUs: number; readonly relayUs: number }

/** Measures one process that plays all calls, after it has played them once to warm up. */
export async function measureCost(steps: readonly Step[], stitch: 'on' | 'off'): Promise<Cost> {
  const upstream = await startReplayUpstream()
  const threadtap = await startStitchingThreadtap(upstream.port, stitch)
  const processes = [{ role: 'relay', pid: threadtap.pid }] as const
  try {
    for (const step of steps) await send(step, 'one pool', upstream, threadtap)
    await threadtap.delivered(steps.length)
    const [before] = readUsage(processes)
    for (const step of steps) await send(step, 'one pool', upstream, threadtap)
    await threadtap.delivered(2 * steps.length)
    const [after] = readUsage(processes)
    const perCall = (of: 'cpuMs' | 'mainThreadMs'): number =>
      (1_000 * ((after?.[of] ?? 0) - (before?.[of] ?? 0))) / steps.length
    return { processUs: perCall('cpuMs'), relayUs: perCall('mainThreadMs') }
  } finally {
    await threadtap.stop()
    await upstream.stop()
  }
}

/** @returns one line of text: the medians of both, side by side */
export function costText(on: readonly Cost[], off: readonly Cost[]): string {
  const of = (costs: readonly Cost[], key: keyof Cost): number =>
    Math.round(median(costs.map((cost) => cost[key])))
  const [process, relay] = (['processUs', 'relayUs'] as const).map(
    (key) => `${of(on, key)} µs on, ${of(off, key)} µs off`,
  )
  return `CPU time per call, median of ${on.length}: the process ${process}; its relaying thread ${relay}`
}
