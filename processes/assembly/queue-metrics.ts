import type { Registry } from 'prom-client'
import { queueMetrics } from '../../shared/metrics/catalogue.ts'
import { createMetrics } from '../../shared/metrics/metrics.ts'
import { sharedRefresh } from '../../shared/metrics/shared-refresh.ts'
import type { QueueDepth } from '../../shared/queue/queue-depth.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { secondsSince } from '../../shared/timing/seconds-since.ts'

/** Shows the queue's depth, read when somebody scrapes; nothing while it cannot be read, because the last one is no news. */
export function registerQueueMetrics(
  registry: Registry,
  clock: Pick<Clock, 'now'>,
  read: () => Promise<QueueDepth>,
): void {
  const refresh = sharedRefresh(() => read().then(show, () => show(undefined)))
  const metrics = createMetrics(queueMetrics, registry, refresh)

  function show(depth: QueueDepth | undefined): void {
    if (depth === undefined) {
      metrics.queuePacks.hide()
      metrics.queueOldest.hide()
      return
    }
    for (const state of ['waiting', 'delayed', 'active'] as const)
      metrics.queuePacks.set({ state }, depth[state])
    metrics.queueOldest.set({}, secondsSince(clock, depth.oldestAt))
  }
}
