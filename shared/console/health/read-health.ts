import type { Registry } from 'prom-client'
import type { AdminParts } from '../../admin/admin-parts.ts'
import type { DeadLetterSummary } from '../../admin/dead-letters.ts'
import { readiness } from '../../admin/readiness.ts'
import type { Degradation } from '../../degradation/degradations.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import {
  proxyMetrics,
  queueMetrics,
  spoolReadings,
  workerMetrics,
  workerReadings,
} from '../../metrics/catalogue.ts'

/** What is known of a process without asking anybody else. */
export type Health = {
  /** Checks of `/readyz` that fail, by name. */
  readonly failing: readonly string[]
  readonly degraded: readonly Degradation[]
  /** Absent in a worker, which keeps none. */
  readonly ledger?: Ledger
  /** How long the oldest record has waited in spool, queue or worker, in seconds; absent where none waits. */
  readonly oldestSeconds?: number
  readonly spool?: { readonly bytes: number; readonly limitBytes: number }
  /** Absent where Redis is not used, or does not answer. */
  readonly redis?: { readonly packs?: number }
  readonly sinks: readonly Sink[]
  /** Absent where the worker runs elsewhere. */
  readonly dead?: {
    readonly count: number /** The newest. */
    readonly letters: readonly DeadLetterSummary[]
  }
}

export type Sink = { readonly name: string; readonly delivered: number; readonly isHeld: boolean }

/** Longer than any of them takes. */
const checkMs = 1_000
const shownLetters = 50

/** Reads counts, the metrics of this process and the folder of dead letters: no network, nothing that takes long. */
export async function readHealth(parts: AdminParts): Promise<Health> {
  const { checks, degraded = () => [], ledger, dead, registry } = parts
  const { checks: results } = await readiness(checks, checkMs)
  const metrics = await readMetrics(registry)
  const oldest = Math.max(0, ...ageMetrics.flatMap((metric) => metrics(metric).map(({ value }) => value)))
  const limitBytes = metrics(spoolReadings.spoolLimit)[0]?.value
  const queueReady = metrics(proxyMetrics.queueReady)[0]?.value
  const packs = metrics(queueMetrics.queuePacks)
  return {
    failing: Object.entries(results).flatMap(([name, isOk]) => (isOk ? [] : [name])),
    degraded: await degraded(),
    ...(ledger !== undefined && { ledger: await ledger() }),
    ...(oldest > 0 && { oldestSeconds: oldest }),
    ...(limitBytes !== undefined && {
      spool: { bytes: metrics(spoolReadings.spoolBytes)[0]?.value ?? 0, limitBytes },
    }),
    // Shown as 0 where Redis is not used, too; that it fails is among what is degraded.
    ...(queueReady === 1 && {
      redis: packs.length === 0 ? {} : { packs: packs.reduce((sum, { value }) => sum + value, 0) },
    }),
    sinks: sinksIn(metrics(workerMetrics.recordsDelivered), metrics(workerMetrics.sinkHeld)),
    ...(dead !== undefined && {
      dead: {
        count: metrics(workerReadings.deadLetters)[0]?.value ?? 0,
        letters: await dead.list({ limit: shownLetters }),
      },
    }),
  }
}

const ageMetrics: readonly Named[] = [
  spoolReadings.spoolOldest,
  queueMetrics.queueOldest,
  workerReadings.workerOldest,
]

type Value = {
  readonly value: number
  readonly labels: Readonly<Record<string, string | number | undefined>>
}

type Named = { readonly name: string }

/** @returns the values of a metric; none of one that this process does not have */
async function readMetrics(registry: Registry): Promise<(metric: Named) => readonly Value[]> {
  const metrics = [
    ...ageMetrics,
    spoolReadings.spoolBytes,
    spoolReadings.spoolLimit,
    proxyMetrics.queueReady,
    queueMetrics.queuePacks,
    workerMetrics.recordsDelivered,
    workerMetrics.sinkHeld,
    workerReadings.deadLetters,
  ]
  const read = await Promise.all(
    metrics.map(
      async ({ name }) => [name, (await registry.getSingleMetric(name)?.get())?.values ?? []] as const,
    ),
  )
  const values = new Map<string, readonly Value[]>(read)
  return ({ name }) => values.get(name) ?? []
}

function sinksIn(delivered: readonly Value[], held: readonly Value[]): Sink[] {
  const isHeld = new Set(held.filter(({ value }) => value > 0).map(({ labels }) => labels.sink))
  return delivered.map(({ labels: { sink }, value }) => ({
    name: String(sink),
    delivered: value,
    isHeld: isHeld.has(sink),
  }))
}
