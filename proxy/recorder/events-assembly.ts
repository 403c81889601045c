import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { Config } from '../../shared/config/load.ts'
import type { Degradations } from '../../shared/degradation/degradations.ts'
import type { Logger } from '../../shared/logger.ts'
import { createCostOf } from '../../shared/pricing/cost-of.ts'
import { threadLogger } from '../../shared/thread-logs/thread-logger.ts'
import { createThreadLogs, type ThreadLogs } from '../../shared/thread-logs/thread-logs.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { Note } from '../../shared/timing/loop-watch.ts'
import { upstreamsOf } from '../ingress/upstreams.ts'
import type { Redactor } from '../observe/redact/redactor.ts'
import { createRecorderEvents, type RecorderEvents } from './recorder-events.ts'

/** What the recorder takes from the process that it is in. */
export type RecorderSurroundings = {
  readonly config: Config
  readonly registry: Registry
  readonly log: Logger
  readonly clock: Clock
  readonly degradations: Degradations
}

export type EventsAssembly = {
  readonly events: RecorderEvents
  /** Absent with THREAD_LOGS=off. */
  readonly threadLogs: ThreadLogs | undefined
}

/** @param note takes what is about to run on this thread's loop */
export function assembleEvents(
  { config, registry, log, clock, degradations }: RecorderSurroundings,
  redactor: Redactor | undefined,
  note: Note,
): EventsAssembly {
  const threadLogs = config.threadLogs ? openThreadLogs(config, clock, () => events) : undefined
  const events = createRecorderEvents(registry, log, {
    ...(threadLogs && { threadLog: threadLogger(config.logLevel, 'proxy', threadLogs) }),
    redactId: redactor?.id,
    upstreams: [...upstreamsOf(config).keys()],
    costOf: createCostOf(config.ownPrices),
    clock,
    note,
    degradations,
  })
  return { events, threadLogs }
}

/** @param events those that have the logs, and are made after them */
function openThreadLogs({ dataDir }: Config, clock: Clock, events: () => RecorderEvents): ThreadLogs {
  return createThreadLogs({
    folder: join(dataDir, 'logs'),
    clock,
    onDropped: (lines, reason) => events().threadLogDropped(lines, reason),
    onFailed: (cause) => events().threadLogFailed(cause),
    onWritten: () => events().threadLogWritten(),
  })
}
