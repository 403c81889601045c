import type { Registry } from 'prom-client'
import { reasonOf } from '../error-cause.ts'
import { degradationMetrics } from '../metrics/catalogue.ts'
import { createMetrics } from '../metrics/metrics.ts'

/** Parts of telemetry that may fail while calls go on. A closed set: it is a label. */
export const degradableParts = [
  'recorder',
  'spool',
  'crash_journal',
  'local_store',
  'dead_letters',
  'thread_logs',
  'redis',
  'sinks',
  /** Less is kept of calls, because the process cannot keep up. */
  'overload',
  /** LANGFUSE_VERIFY_SAMPLE finds that records are missing. */
  'read_back',
] as const

export type DegradablePart = (typeof degradableParts)[number]

/** What does not work for now, as /readyz shows it. */
export type Degradation = {
  readonly part: DegradablePart
  /** What fails and what that means, one sentence without a full stop. */
  readonly effect: string
  /** One line. */
  readonly reason: string
}

/** What of a process does not work for now, and stops nothing. */
export type Degradations = {
  /** Counts a failure; the part is degraded until it has recovered. @param cause an error, or a word */
  failed(part: DegradablePart, effect: string, cause: unknown): void
  /** @returns whether it had failed */
  recovered(part: DegradablePart): boolean
  /** Counts failures of a part that works again. */
  count(part: DegradablePart, failures: number): void
  /** In the order in which the parts failed. */
  list(): readonly Degradation[]
}

/** One for each process: it registers the metrics that say the same. */
export function createDegradations(registry: Registry): Degradations {
  const metrics = createMetrics(degradationMetrics, registry)
  metrics.partFailures.startAtZero('part', degradableParts)
  metrics.degraded.startAtZero('part', degradableParts)
  const current = new Map<DegradablePart, Degradation>()
  return {
    failed(part, effect, cause) {
      metrics.partFailures.inc({ part })
      metrics.degraded.set({ part }, 1)
      current.set(part, { part, effect, reason: reasonOf(cause) })
    },
    recovered(part) {
      metrics.degraded.set({ part }, 0)
      return current.delete(part)
    },
    count: (part, failures) => metrics.partFailures.inc({ part }, failures),
    list: () => [...current.values()],
  }
}
