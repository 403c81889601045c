import { DelayedError, type Job, WaitingError } from 'bullmq'
import type { Consume, Settlement } from '../../shared/queue/carrier.ts'
import { reportOutcome } from '../../shared/queue/outcomes.ts'
import { originOf } from '../../shared/queue/pack-id.ts'
import type { PackJob, QueueNames } from '../../shared/queue/queue-names.ts'
import type { RedisClient } from '../../shared/queue/redis.ts'
import {
  type CarrierEvents,
  consumePack,
  deadLetterPack,
  type OnUnreadable,
} from '../../shared/queue/settlement.ts'
import { encodePack } from '../../shared/record/codec.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'

export type PackJobOptions = {
  readonly redis: RedisClient
  readonly names: QueueNames
  readonly consume: Consume
  readonly onUnreadable: OnUnreadable
  readonly events: CarrierEvents
  readonly backoff: Backoff
  /** Aborts when the worker has to stop at once. */
  readonly forceStop: AbortSignal
}

/** Workers that may die over a pack before the pack is taken for the cause. */
const maxStalledCount = 10

/**
 * Consumes the pack of one job, reports its outcome to its proxy, and keeps what remains in the queue.
 * @param token BullMQ's lock on the job
 * @throws DelayedError or WaitingError when records remain, which tell BullMQ not to complete the job; or what the
 * consumer throws
 */
export async function processPackJob(
  options: PackJobOptions,
  job: Job<PackJob>,
  token: string,
): Promise<void> {
  const { redis, names } = options
  const { settled, remaining } = await settle(options, job)
  await reportOutcome(redis, names, idOf(job), job.data.records, settled)
  if (remaining.length === 0) return
  await putBack(options, job, token, remaining)
}

async function settle(options: PackJobOptions, job: Job<PackJob>): Promise<Settlement> {
  const { consume, onUnreadable, events, forceStop } = options
  const { pack: text, records } = job.data
  const pack = { id: idOf(job), text, records }
  try {
    if (job.stalledCounter <= maxStalledCount) {
      events.packOpened()
      return await consumePack(pack, consume, onUnreadable, forceStop)
    }
    const cause = new Error(`${job.stalledCounter} workers died over it`)
    return await deadLetterPack(pack, cause, onUnreadable)
  } catch (cause) {
    if (!forceStop.aborted) events.packFailed(pack.id, cause)
    throw cause
  }
}

/**
 * Puts the job back with only the remaining records. Unlike a failure this uses up no attempt.
 * @throws always, what tells BullMQ where the job is now
 */
async function putBack(
  { backoff, forceStop }: PackJobOptions,
  job: Job<PackJob>,
  token: string,
  remaining: Settlement['remaining'],
): Promise<never> {
  if (remaining.length < job.data.records) {
    const id = idOf(job)
    const texts = remaining.map((record) => JSON.stringify(record))
    await job.updateData({ pack: encodePack(id, originOf(id) ?? '', texts), records: texts.length })
  }
  if (forceStop.aborted) {
    // Not delayed by 0 ms: a delay ends by the wall clock of whichever worker looks, which may be far behind this one's.
    await job.moveToWait(token)
    throw new WaitingError()
  }
  await job.moveToDelayed(Date.now() + backoffMs(Math.max(job.attemptsStarted - 1, 0), backoff), token)
  throw new DelayedError()
}

/** Every job is added under its pack's id. */
const idOf = (job: Job<PackJob>): string => job.id ?? ''
