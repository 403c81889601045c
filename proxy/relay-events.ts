import type { Logger } from '../shared/logger.ts'
import { loopMetrics, relayMetrics } from '../shared/metrics/catalogue.ts'
import { createThrottledLog, type ThrottledLog } from '../shared/throttled-log.ts'
import type { FailureCode } from './ingress/failures.ts'
import type { RefusalReason } from './ingress/refusal-reasons.ts'
import type { SheddingChange } from './shedding/shedding.ts'
import type { EventCounts, HistogramCounts } from './tape/relay-counts.ts'

export type RelayEvents = ReturnType<typeof createRelayEvents>

/** What happens on the relay's loop: counted, and logged where somebody should know. */
export function createRelayEvents(log: Logger) {
  const counts = createCounts()
  const throttled = createThrottledLog(log)
  return {
    ...callEvents(counts, throttled),
    ...refusalEvents(counts, throttled),
    ...usageEvents(counts, throttled),
    ...loopEvents(counts, throttled),
    ...tlsEvents(counts, log, throttled),
    ...sheddingEvents(log),
    ...journalEvents(throttled),

    counts: (): EventCounts => ({
      callsInFlight: counts.callsInFlight,
      refused: { ...counts.refused },
      usageFrames: { ...counts.usageFrames },
      usageTries: counts.usageTries,
      usageRefusals: { ...counts.usageRefusals },
      overhead: counts.overhead.read(),
      loopDelay: counts.loopDelay.read(),
    }),
  }
}

type Counts = ReturnType<typeof createCounts>

function createCounts() {
  const refused: Record<string, number> = {}
  const usageRefusals: Record<string, number> = {}
  return {
    callsInFlight: 0,
    refused,
    usageFrames: { cut: 0, none_came: 0 },
    usageTries: 0,
    usageRefusals,
    overhead: createHistogram(relayMetrics.overhead.buckets),
    loopDelay: createHistogram(loopMetrics.loopDelay.buckets),
  }
}

function callEvents(counts: Counts, throttled: ThrottledLog) {
  const { overhead } = counts
  return {
    callsInFlight: (): number => counts.callsInFlight,

    callStarted(): void {
      counts.callsInFlight += 1
    },

    callEnded(): void {
      counts.callsInFlight -= 1
    },

    /** @param heldMs from the end of the request body until the call was dispatched to the upstream */
    callForwarded: (heldMs: number): void => overhead.observe(heldMs / 1_000),

    /** A defect in threadtap, which somebody has to fix. */
    callBroken(cause: unknown): void {
      throttled.error('call broken', { err: cause }, 'a call could not be handled')
    },

    /** The store of contexts does not answer our own routes. */
    contextStoreFailed(cause: unknown): void {
      throttled.warn(
        'context store failed',
        { err: cause },
        'registered contexts cannot be read or written; calls go on without them',
      )
    },
  }
}

function countRefused({ refused }: Counts, reason: RefusalReason): void {
  refused[reason] = (refused[reason] ?? 0) + 1
}

function refusalEvents(counts: Counts, throttled: ThrottledLog) {
  return {
    /** A request got a failure of our own. */
    requestRejected(reason: FailureCode): void {
      countRefused(counts, reason)
      throttled.info(reason, { reason }, 'request refused')
    },

    /** The client left before the end of its request body. */
    clientDisconnected: (): void => countRefused(counts, 'client_left'),
  }
}

function usageEvents(counts: Counts, throttled: ThrottledLog) {
  const { usageFrames, usageRefusals } = counts
  return {
    /** @param cutFrames usage frames that were cut from the response */
    usageInjected(cutFrames: number): void {
      usageFrames[cutFrames > 0 ? 'cut' : 'none_came'] += 1
    },

    /** A stream was sent without asking for its usage, to learn whether it comes anyway. */
    usageTried(): void {
      counts.usageTries += 1
    },

    /** The upstream rejected the injected `stream_options`, and was sent the original request. */
    usageInjectionRefused(callId: string, upstream: string, model: string): void {
      usageRefusals[upstream] = (usageRefusals[upstream] ?? 0) + 1
      throttled.info(
        'usage refused',
        { call: callId, upstream, model },
        'the upstream rejects stream_options; the call was sent again without it',
      )
    },
  }
}

function tlsEvents(counts: Counts, log: Logger, throttled: ThrottledLog) {
  return {
    tlsFailed(cause: Error): void {
      countRefused(counts, 'tls_failed')
      const code = 'code' in cause ? String(cause.code) : cause.name
      const advice = tlsAdvice[code]
      // Codes of OpenSSL are many: only those that have advice are told apart.
      throttled.info(
        advice === undefined ? 'tls' : code,
        { reason: code },
        advice ?? 'a client did not complete its TLS handshake',
      )
    },

    certificateRenewed: (): void => log.info('the certificate of the data port was renewed'),

    certificateUnusable(cause: unknown): void {
      log.error({ err: cause }, 'the new certificate cannot be used; the one before it stays')
    },
  }
}

const distrust = 'a client does not trust the certificate of TLS_CERT'

/** What the commonest failures mean, by OpenSSL's reason. */
const tlsAdvice: Readonly<Record<string, string>> = {
  ERR_SSL_HTTP_REQUEST: 'a client speaks plain HTTP to the data port; its base URL must begin with https://',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: distrust,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: distrust,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: distrust,
}

function loopEvents({ loopDelay }: Counts, throttled: ThrottledLog) {
  return {
    loopDelayed: (ms: number): void => loopDelay.observe(ms / 1_000),

    /** @param activity what ran longest while the loop was blocked */
    loopBlocked(ms: number, activity: string): void {
      throttled.warn(
        'loop blocked',
        { ms: Math.round(ms), activity },
        'the loop that carries the streams was blocked',
      )
    },
  }
}

function journalEvents(throttled: ThrottledLog) {
  return {
    aheadJournalFailed(cause: unknown): void {
      throttled.error(
        'ahead journal',
        { err: cause },
        'the relay cannot write its part of the crash journal; the last calls before a kill would be lost',
      )
    },
  }
}

function sheddingEvents(log: Logger) {
  return {
    sheddingChanged({ kept, signal, load }: SheddingChange): void {
      const line = { kept, signal, value: Number(load[signal].toFixed(3)) }
      if (kept === 'everything') log.info(line, 'threadtap keeps up again; everything is recorded')
      else log.warn(line, 'threadtap cannot keep up; less is kept of calls, which go on')
    },
  }
}

/** @param bounds upper bounds of the buckets */
function createHistogram(bounds: readonly number[]) {
  const counts = new Array<number>(bounds.length + 1).fill(0)
  let sum = 0
  return {
    observe(value: number): void {
      let at = 0
      while (at < bounds.length && value > (bounds[at] as number)) at += 1
      counts[at] = (counts[at] as number) + 1
      sum += value
    },
    read: (): HistogramCounts => ({ counts: [...counts], sum }),
  }
}
