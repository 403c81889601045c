import type { Redis } from 'ioredis'
import { reasonOf } from '../../shared/error-cause.ts'

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

/** Reports a connection that is not there: at its first error, and for as long as it has none, or no answer. */
export function watchConnection(
  redis: Redis,
  availability: QueueAvailability,
  everyMs = 5_000,
): { stop(): void } {
  let lastCause: Error | undefined
  redis.on('ready', () => {
    lastCause = undefined
    availability.ready()
  })
  redis.on('error', (cause: Error) => {
    if (lastCause === undefined) availability.failed(cause)
    lastCause = cause
  })
  const timer = setInterval(() => {
    if (redis.status !== 'ready') availability.failed(lastCause ?? new Error('Redis does not answer'))
  }, everyMs).unref()
  return { stop: () => clearInterval(timer) }
}
