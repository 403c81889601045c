import { reasonOf } from '../../shared/error-cause.ts'
import type { QueueNames } from '../../shared/queue/queue-names.ts'
import { queueServer } from '../../shared/queue/queue-server.ts'
import type { RedisClient } from '../../shared/queue/redis.ts'

export type QueueAvailabilityEvents = {
  /** Called once until the queue fails. */
  queueReady(): void
  /** Called for every failure. @param reason one line, for a log, not a label */
  queueUnavailable(reason: string): void
}

export type QueueAvailability = {
  ready(): void
  /** @returns the reason, one line */
  failed(cause: Error): string
}

export function trackAvailability(events: QueueAvailabilityEvents): QueueAvailability {
  let isReady = false
  return {
    ready() {
      if (isReady) return
      isReady = true
      events.queueReady()
    },
    failed(cause) {
      isReady = false
      const reason = reasonOf(cause)
      events.queueUnavailable(reason)
      return reason
    },
  }
}

/**
 * Reports a connection that is not there: at its first error, and for as long as it has none, or no answer. One that is open
 * and silent, as behind a network that drops everything, is made anew: nobody else would notice before TCP gives up.
 */
export function watchConnection(
  redis: RedisClient,
  names: QueueNames,
  availability: QueueAvailability,
  everyMs = 5_000,
): { stop(): void } {
  let lastCause: Error | undefined
  let unanswered = 0
  redis.on('ready', () => {
    lastCause = undefined
    unanswered = 0
    availability.ready()
  })
  redis.on('error', (cause: Error) => {
    if (lastCause === undefined) availability.failed(cause)
    lastCause = cause
  })

  const ping = async (): Promise<string> => queueServer(redis, names).ping()

  function answered(): void {
    if (unanswered > 1) availability.ready()
    unanswered = 0
  }

  const timer = setInterval(() => {
    const isReady = redis.status === 'ready'
    if (!isReady || unanswered > 0) availability.failed(lastCause ?? new Error('Redis does not answer'))
    if (!isReady) return
    if (unanswered === 2) redis.disconnect(true)
    unanswered++
    void ping().then(answered, () => undefined)
  }, everyMs).unref()
  return { stop: () => clearInterval(timer) }
}
