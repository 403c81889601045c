import { join } from 'node:path'
import type { Part } from '../../shared/lifecycle.ts'
import type { RedisClient } from '../../shared/queue/redis.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { LearnedReporting } from './reporting.ts'
import { createReportingFile } from './reporting-file.ts'
import { createReportingMemory, type ReportingEvents, type ReportingMemory } from './reporting-memory.ts'
import { createSharedReporting } from './shared-reporting.ts'

/** How upstreams report usage: learned from calls, kept across restarts, shared between processes. */
export type ReportingAssembly = {
  readonly memory: ReportingMemory
  /** Started before calls come, so that what was known before holds from the first. */
  readonly part: Part
}

export type ReportingAssemblyOptions = {
  /** DATA_DIR; without it nothing is kept on disk. */
  readonly dir?: string | undefined
  /** With REDIS_URL. */
  readonly redis?: RedisClient | undefined
  /** QUEUE_PREFIX */
  readonly prefix: string
  /** Base URLs by the upstream's name. */
  readonly urls: ReadonlyMap<string, string>
  readonly clock: Clock
  readonly announce: (upstream: string, model: string, learned: LearnedReporting | undefined) => void
  readonly events: ReportingEvents & { usageReportingNotKept(cause: unknown): void }
}

export function assembleReporting(options: ReportingAssemblyOptions): ReportingAssembly {
  const { dir, redis, prefix, urls, clock, announce, events } = options
  const now = (): number => clock.now()
  const memory = createReportingMemory({
    clock,
    urls,
    announce,
    events,
    onLearned(pair) {
      file?.changed()
      shared?.share(pair)
    },
  })
  const file =
    dir === undefined
      ? undefined
      : createReportingFile({
          path: join(dir, 'usage-reporting.json'),
          now,
          pairs: memory.pairs,
          onFailure: events.usageReportingNotKept,
        })
  const shared =
    redis === undefined
      ? undefined
      : createSharedReporting({
          redis,
          prefix,
          now,
          onFound(pairs) {
            memory.adopt(pairs)
            file?.changed()
          },
        })
  return {
    memory,
    part: {
      name: 'usage reporting',
      async start() {
        memory.adopt((await file?.read()) ?? [])
        shared?.start()
      },
      async stop() {
        shared?.stop()
        await file?.flush()
      },
    },
  }
}
