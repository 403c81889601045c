import type { Registry } from 'prom-client'
import { workerReadings } from '../shared/metrics/catalogue.ts'
import { createMetrics } from '../shared/metrics/metrics.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { secondsSince } from '../shared/timing/seconds-since.ts'

/** Shows what the worker has in hand and what it keeps, looked at when somebody scrapes. */
export function registerWorkerReadings(
  registry: Registry,
  clock: Pick<Clock, 'now'>,
  worker: { oldestAt(): number | undefined; countDeadLetters(): Promise<number> },
): void {
  const metrics = createMetrics(workerReadings, registry, async () => {
    metrics.workerOldest.set({}, secondsSince(clock, worker.oldestAt()))
    metrics.deadLetters.set({}, await worker.countDeadLetters())
  })
}
