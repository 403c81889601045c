import type { Registry } from 'prom-client'
import type { Config } from '../../shared/config/load.ts'
import { loopMetrics, relayMetrics } from '../../shared/metrics/catalogue.ts'
import { createMetrics, type Metrics } from '../../shared/metrics/metrics.ts'
import { sharedRefresh } from '../../shared/metrics/shared-refresh.ts'
import { refusalReasons } from '../ingress/refusal-reasons.ts'
import { upstreamsOf } from '../ingress/upstreams.ts'
import { keptSteps } from '../tape/kept.ts'
import type { RelayCounts } from '../tape/relay-counts.ts'

/** What each step leaves out, in the order of keptSteps after the first. */
const leftOutSteps = ['content', 'bodies', 'records'] as const

/**
 * Shows what the relay counted, read when somebody scrapes.
 * @param read resolves to undefined where the relay is busy
 * @returns the metrics of the process's loops, for those of its other threads
 */
export function registerRelayMetrics(
  registry: Registry,
  config: Config,
  read: () => Promise<RelayCounts | undefined>,
): Metrics<typeof loopMetrics> {
  const refresh = sharedRefresh(() => read().then(show))
  const metrics = createMetrics(relayMetrics, registry, refresh)
  const loops = createMetrics(loopMetrics, registry, refresh)
  metrics.usageFrames.startAtZero('outcome', ['cut', 'none_came'])
  metrics.usageRefusals.startAtZero('upstream', [...upstreamsOf(config).keys()])
  metrics.leftOut.startAtZero('what', leftOutSteps)
  metrics.refused.startAtZero('reason', refusalReasons)

  function show(counts: RelayCounts | undefined): void {
    if (counts === undefined) return
    metrics.callsInFlight.set({}, counts.callsInFlight)
    metrics.lostCalls.set({}, counts.lostCalls)
    metrics.heldBytes.set({}, counts.heldBytes)
    metrics.tapeUsed.set({}, counts.tapeUsed)
    const step = keptSteps.indexOf(counts.kept)
    leftOutSteps.forEach((what, at) => {
      metrics.leftOut.set({ what }, step > at ? 1 : 0)
    })
    metrics.overhead.set({}, counts.overhead)
    loops.loopDelay.set({ thread: 'relay' }, counts.loopDelay)
    for (const [outcome, count] of Object.entries(counts.usageFrames))
      metrics.usageFrames.set({ outcome }, count)
    metrics.usageTries.set({}, counts.usageTries)
    for (const [upstream, count] of Object.entries(counts.usageRefusals))
      metrics.usageRefusals.set({ upstream }, count)
    for (const [reason, count] of Object.entries(counts.refused)) metrics.refused.set({ reason }, count)
  }

  return loops
}
