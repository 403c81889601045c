import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import { queryConnection } from '../../shared/queue/redis.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { assembleContext, type ContextAssembly } from '../attribution/assembly.ts'
import {
  assembleGenerations,
  type GenerationAssembly,
  type GenerationAssemblyOptions,
} from '../generations/assembly.ts'
import { upstreamsOf } from '../ingress/upstreams.ts'
import { assembleReporting, type ReportingAssembly } from '../usage-reporting/assembly.ts'
import type { PendingRecords } from './pending-records.ts'
import type { RecordingOutputs } from './recording-assembly.ts'

/** What is remembered from call to call, and shared between processes where there is Redis. */
export type StateAssembly = {
  readonly contexts: ContextAssembly
  readonly reporting: ReportingAssembly
  readonly generations: GenerationAssembly
  /** In start order. */
  readonly parts: readonly Part[]
}

type StateOutputs = Pick<RecordingOutputs, 'events' | 'onContextFound' | 'onUsageReported' | 'dataDir'> & {
  readonly pendingRecords: PendingRecords
  /** Takes the second record of a generation. */
  readonly acceptCompleted: GenerationAssemblyOptions['accept']
}

export function assembleState(
  config: Config,
  clock: Clock,
  { events, onContextFound, onUsageReported, dataDir: dir, pendingRecords, acceptCompleted }: StateOutputs,
): StateAssembly {
  const contextEvents = { ...events, contextFound: onContextFound }
  const contexts = assembleContext(config, clock, contextEvents, pendingRecords.idle)
  const redis = config.redisUrl === undefined ? undefined : queryConnection(config.redisUrl)
  const urls = new Map(
    [...upstreamsOf(config)].map(([name, { origin, basePath }]) => [name, `${origin}${basePath}`]),
  )
  const kept = { dir, redis, prefix: config.queuePrefix, urls, clock, events }
  const reporting = assembleReporting({ ...kept, announce: onUsageReported })
  const generations = assembleGenerations({
    ...kept,
    begin: pendingRecords.begin,
    accept: acceptCompleted,
  })
  const connection: Part = { name: 'state connection', stop: () => redis?.disconnect() }
  return {
    contexts,
    reporting,
    generations,
    parts: [connection, contexts.part, reporting.part, generations.part],
  }
}
