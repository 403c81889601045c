import { reasonOf } from '../../shared/error-cause.ts'

export type QueueAvailabilityEvents = {
  queueReady(): void
  /** Called once for each reason until the queue is ready again. @param reason one line, for a log, not a label */
  queueUnavailable(reason: string): void
}

/** Reports a queue's errors without repeating itself: BullMQ emits the same error several times a second. */
export type QueueAvailability = {
  ready(): void
  /** @returns the reason, one line */
  failed(cause: Error): string
}

export function trackAvailability(events: QueueAvailabilityEvents): QueueAvailability {
  let reportedReason: string | undefined
  return {
    ready() {
      reportedReason = undefined
      events.queueReady()
    },
    failed(cause) {
      const reason = reasonOf(cause)
      if (reason !== reportedReason) events.queueUnavailable(reason)
      reportedReason = reason
      return reason
    },
  }
}
