import { Worker } from 'bullmq'
import type { Consume, Intake } from '../../shared/queue/carrier.ts'
import type { PackJob, QueueNames } from '../../shared/queue/queue-names.ts'
import type { CarrierEvents, OnUnreadable } from '../../shared/queue/settlement.ts'
import { manyListenerAbort, untilAborted } from '../../shared/timing/abort.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import { watchDistantPacks } from './distant-packs.ts'
import { connectIntake, type IntakeConnections } from './intake-connections.ts'
import { processPackJob } from './pack-job.ts'
import { type QueueAvailabilityEvents, trackAvailability, watchConnection } from './queue-availability.ts'

export type BullmqIntakeEvents = CarrierEvents & QueueAvailabilityEvents

export type BullmqIntakeOptions = QueueNames & {
  readonly redisUrl: string
  /** Packs that this worker consumes at once. */
  readonly packsAtOnce: number
  readonly onUnreadable: OnUnreadable
  readonly events: BullmqIntakeEvents
  /** How long a pack that could not be settled waits before it comes back. */
  readonly backoff?: Backoff
  /** How often to look for packs that would wait for much longer. */
  readonly lookEveryMs?: number
}

const workerSettings = {
  // Packs of a worker that was killed go to another after at most lockDuration + 2 x stalledInterval.
  lockDuration: 15_000,
  stalledInterval: 5_000,
  // No limit, because at the limit BullMQ would leave the job in Redis as failed: processPackJob has the limit
  // that counts.
  maxStalledCount: Number.MAX_SAFE_INTEGER,
  runRetryDelay: 2_000,
  removeOnComplete: { count: 0 },
}
const outOfMemoryPauseMs = 2_000
/** For putting back what remains, after the deadline has aborted the consumers' signal. */
const graceMs = 1_000

/** The carrier through Redis: one BullMQ job is one pack. */
export function bullmqIntake(options: BullmqIntakeOptions): Intake {
  const forceStop = manyListenerAbort()
  let running: (StartedWorker & { readonly connections: IntakeConnections }) | undefined

  async function start(consume: Consume): Promise<void> {
    const connections = connectIntake(options.redisUrl)
    running = { connections, ...startWorker(options, connections, consume, forceStop.signal) }
  }

  async function stop(deadline: AbortSignal): Promise<void> {
    if (running === undefined) return
    const { connections, worker, watches } = running
    for (const watch of watches) watch.stop()
    const closed = worker.close()
    // Without Redis nothing can be settled, so nothing is worth waiting for.
    await Promise.race([closed, untilAborted(deadline), connections.untilLost()])
    forceStop.abort()
    await Promise.race([closed, pause(graceMs, new AbortController().signal)])
    connections.disconnect()
    running = undefined
  }

  return { start, stop }
}

type StartedWorker = { readonly worker: Worker<PackJob>; readonly watches: readonly { stop(): void }[] }

function startWorker(
  options: BullmqIntakeOptions,
  { redis }: IntakeConnections,
  consume: Consume,
  forceStop: AbortSignal,
): StartedWorker {
  const { queueName, prefix, packsAtOnce, onUnreadable, events } = options
  const { backoff = { baseMs: 1_000, maxMs: 30_000 }, lookEveryMs = 15_000 } = options
  const names = { queueName, prefix }
  const availability = trackAvailability(events)
  const watches = [
    watchConnection(redis, names, availability),
    watchDistantPacks(redis, names, { longestDelayMs: backoff.maxMs, lookEveryMs }),
  ]
  const job = { redis, names, consume, onUnreadable, events, backoff, forceStop }
  const worker = new Worker<PackJob>(queueName, (next, token = '') => processPackJob(job, next, token), {
    ...workerSettings,
    connection: redis,
    prefix,
    concurrency: packsAtOnce,
    settings: { backoffStrategy: (attempts) => backoffMs(attempts - 1, backoff) },
  })
  worker.on('active', availability.ready)
  worker.on('error', (cause) => {
    if (availability.failed(cause).includes('OOM')) void pauseWorker(worker, forceStop)
  })
  return { worker, watches }
}

// At its memory limit Redis refuses to hand out jobs, and BullMQ asks again at once, thousands of times a
// second (taskforcesh/bullmq#3834).
async function pauseWorker(worker: Worker, forceStop: AbortSignal): Promise<void> {
  if (forceStop.aborted || worker.isPaused()) return
  await worker.pause(true)
  await pause(outOfMemoryPauseMs, forceStop)
  if (!forceStop.aborted) await worker.resume()
}
