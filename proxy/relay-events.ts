import type { Logger } from '../shared/logger.ts'
import type { FailureCode } from './ingress/failures.ts'

/**
 * What happened on the relay's loop, in plain numbers. The recorder turns them into metrics when it is scraped, so that
 * rendering them stands in no client's way.
 */
export type RelayCounts = {
  readonly callsInFlight: number
  /** By failure code, and `client_left`. */
  readonly refused: Readonly<Record<string, number>>
  readonly usageFrames: { readonly cut: number; readonly none_came: number }
  /** By upstream. */
  readonly usageRefusals: Readonly<Record<string, number>>
  /** Seconds that requests were held; counts by bucket, the last one beyond all bounds. */
  readonly overhead: { readonly counts: readonly number[]; readonly sum: number }
}

export type RelayEvents = ReturnType<typeof createRelayEvents>

/** @param overheadBounds upper bounds of the buckets, in seconds */
export function createRelayEvents(log: Logger, overheadBounds: readonly number[]) {
  let callsInFlight = 0
  const refused: Record<string, number> = {}
  const usageFrames = { cut: 0, none_came: 0 }
  const usageRefusals: Record<string, number> = {}
  const overhead = { counts: new Array<number>(overheadBounds.length + 1).fill(0), sum: 0 }

  function countRefused(reason: FailureCode | 'client_left'): void {
    refused[reason] = (refused[reason] ?? 0) + 1
  }

  return {
    callStarted(): void {
      callsInFlight += 1
    },

    callEnded(): void {
      callsInFlight -= 1
    },

    /** @param heldMs from the end of the request body until the call was dispatched to the upstream */
    callForwarded(heldMs: number): void {
      const seconds = heldMs / 1_000
      let at = 0
      while (at < overheadBounds.length && seconds > (overheadBounds[at] as number)) at += 1
      overhead.counts[at] = (overhead.counts[at] as number) + 1
      overhead.sum += seconds
    },

    /** @param cutFrames usage frames that were cut from the response */
    usageInjected(cutFrames: number): void {
      usageFrames[cutFrames > 0 ? 'cut' : 'none_came'] += 1
    },

    /** The upstream rejected the injected `stream_options`, and was sent the original request. */
    usageInjectionRefused(callId: string, upstream: string, model: string): void {
      usageRefusals[upstream] = (usageRefusals[upstream] ?? 0) + 1
      const line = { call: callId, upstream, model }
      log.info(line, 'the upstream rejects stream_options; the call was sent again without it')
    },

    /** A request got a failure of our own. */
    requestRejected(reason: FailureCode): void {
      countRefused(reason)
      log.info({ reason }, 'request refused')
    },

    /** Within its request body. */
    clientDisconnected: (): void => countRefused('client_left'),

    /** A defect in threadtap, which somebody has to fix. */
    callBroken(cause: unknown): void {
      log.error({ err: cause }, 'a call could not be handled')
    },

    /** The store of contexts does not answer our own routes. */
    contextStoreFailed(cause: unknown): void {
      log.warn({ err: cause }, 'registered contexts cannot be read or written; calls go on without them')
    },

    counts: (): RelayCounts => ({
      callsInFlight,
      refused: { ...refused },
      usageFrames: { ...usageFrames },
      usageRefusals: { ...usageRefusals },
      overhead: { counts: [...overhead.counts], sum: overhead.sum },
    }),
  }
}
