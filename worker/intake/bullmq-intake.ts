import { DelayedError, type Job, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { reasonOf } from '../../shared/error-cause.ts'
import type { Consume, Intake, Settlement } from '../../shared/queue/carrier.ts'
import { originOf } from '../../shared/queue/pack-id.ts'
import type { PackJob, QueueNames } from '../../shared/queue/queue-names.ts'
import { workerConnection } from '../../shared/queue/redis.ts'
import { countSettled } from '../../shared/queue/settled-counts.ts'
import { type CarrierEvents, giveUp, type OnUnreadable, workOff } from '../../shared/queue/settlement.ts'
import { encodePack } from '../../shared/record/codec.ts'
import { manyListenerAbort, untilAborted } from '../../shared/timing/abort.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'

export type BullmqIntakeEvents = CarrierEvents & {
  queueReady(): void
  /** Called once for each reason until the queue is ready again. @param reason one line, for a log, not a label */
  queueUnavailable(reason: string): void
}

export type BullmqIntakeOptions = QueueNames & {
  readonly redisUrl: string
  /** Packs that this worker has in hand at once. */
  readonly packsAtOnce: number
  readonly onUnreadable: OnUnreadable
  readonly events: BullmqIntakeEvents
  /** How long a pack that met with no success rests before it comes back. */
  readonly backoff?: Backoff
}

// A worker that was killed has its packs handed out again after at most lock + 2 x interval.
const lockDuration = 15_000
const stalledInterval = 5_000
/** Workers that may die over a pack before it is taken for the cause. */
const maxStalledCount = 10
const pauseWhenFullMs = 2_000
/** For putting back what remains, after the deadline has told the consumers to let go. */
const graceMs = 1_000

/** The carrier through Redis: one BullMQ job is one pack. */
export function bullmqIntake(options: BullmqIntakeOptions): Intake {
  const { redisUrl, queueName, prefix, packsAtOnce, onUnreadable, events } = options
  const backoff = options.backoff ?? { baseMs: 1_000, maxMs: 30_000 }
  const forceStop = manyListenerAbort()
  const connections: Redis[] = []
  let worker: Worker<PackJob> | undefined
  let lastReason: string | undefined

  async function start(consume: Consume): Promise<void> {
    const redis = connect()
    worker = new Worker<PackJob>(queueName, (job, token) => work(redis, consume, job, token), {
      connection: redis,
      prefix,
      concurrency: packsAtOnce,
      lockDuration,
      stalledInterval,
      // `work` gives such packs up itself, because BullMQ would only leave them in Redis as failed.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: 2_000,
      removeOnComplete: { count: 0 },
      settings: { backoffStrategy: (attempts) => backoffMs(attempts - 1, backoff) },
    })
    worker.on('error', onError)
  }

  /** BullMQ duplicates the connection for its blocking reads; both are ours to end when Redis is away. */
  function connect(): Redis {
    const redis = workerConnection(redisUrl)
    const duplicate = redis.duplicate.bind(redis)
    redis.duplicate = (override) => {
      const copy = duplicate(override)
      connections.push(copy)
      return copy
    }
    redis.on('ready', () => {
      lastReason = undefined
      events.queueReady()
    })
    connections.push(redis)
    return redis
  }

  async function work(redis: Redis, consume: Consume, job: Job<PackJob>, token = ''): Promise<void> {
    const { settled, remaining } = await attempt(consume, job)
    await countSettled(redis, { queueName, prefix }, idOf(job), job.data.records, settled)
    if (remaining.length > 0) await putBack(job, token, remaining)
  }

  async function attempt(consume: Consume, job: Job<PackJob>): Promise<Settlement> {
    const { pack: text, records } = job.data
    const carried = { id: idOf(job), text, records }
    try {
      if (job.stalledCounter <= maxStalledCount) {
        return await workOff(carried, consume, onUnreadable, forceStop.signal)
      }
      const cause = new Error(`${job.stalledCounter} workers died over it`)
      return await giveUp(carried, cause, onUnreadable)
    } catch (cause) {
      if (!forceStop.signal.aborted) events.packFailed(carried.id, cause)
      throw cause
    }
  }

  /** Moving to `delayed` uses up no attempt, and tells BullMQ by an error that the job is not done. */
  async function putBack(
    job: Job<PackJob>,
    token: string,
    remaining: Settlement['remaining'],
  ): Promise<never> {
    if (remaining.length < job.data.records) {
      const id = idOf(job)
      const texts = remaining.map((record) => JSON.stringify(record))
      await job.updateData({ pack: encodePack(id, originOf(id) ?? '', texts), records: texts.length })
    }
    const delay = forceStop.signal.aborted ? 0 : backoffMs(Math.max(job.attemptsStarted - 1, 0), backoff)
    await job.moveToDelayed(Date.now() + delay, token)
    throw new DelayedError()
  }

  function onError(cause: Error): void {
    const reason = reasonOf(cause)
    if (reason !== lastReason) events.queueUnavailable(reason)
    lastReason = reason
    if (reason.includes('OOM')) void pauseForAWhile()
  }

  // At its memory limit Redis refuses to hand out jobs, and BullMQ asks again at once, thousands of times a
  // second (taskforcesh/bullmq#3834).
  async function pauseForAWhile(): Promise<void> {
    if (worker === undefined || worker.isPaused()) return
    await worker.pause(true)
    await pause(pauseWhenFullMs, forceStop.signal)
    if (!forceStop.signal.aborted) await worker.resume()
  }

  async function stop(deadline: AbortSignal): Promise<void> {
    if (worker === undefined) return
    const closed = worker.close()
    // Without Redis nothing can be settled, so nothing is worth waiting for.
    await Promise.race([closed, untilAborted(deadline), untilAway(connections[0])])
    forceStop.abort()
    await Promise.race([closed, pause(graceMs, new AbortController().signal)])
    for (const connection of connections) connection.disconnect()
    worker = undefined
  }

  return { start, stop }
}

/** Every job of ours was added under its pack's id. */
const idOf = (job: Job<PackJob>): string => job.id ?? ''

/** Resolves when a connection is not, or no more, there. */
async function untilAway(redis: Redis | undefined): Promise<void> {
  // Just after Redis died its connections may still call themselves ready.
  if (redis?.status === 'ready') await new Promise<void>((resolve) => redis.once('close', () => resolve()))
}
