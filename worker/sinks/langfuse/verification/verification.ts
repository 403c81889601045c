import type { Part } from '../../../../shared/lifecycle.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import type { Clock } from '../../../../shared/timing/clock.ts'
import { pause } from '../../../../shared/timing/pause.ts'
import { type DifferentField, differencesOf, type Expected, expectedOf } from './expected.ts'
import type { Reading, ReadObservationOf } from './read-observation.ts'

/** What became of a delivered record that was read back. A closed set: it is a label. */
export const verificationOutcomes = [
  'found',
  /** The server took it, and does not have it. */
  'missing',
  /** It is there, and shows something else than was sent. */
  'different',
  /** The server could not be asked. */
  'unreadable',
  /** As many as can be read were waiting already, or the process stopped before it was read. */
  'skipped',
] as const

export type VerificationOutcome = (typeof verificationOutcomes)[number]

export type Verified = {
  readonly outcome: VerificationOutcome
  /** Of the trace, for people who look for it. */
  readonly traceId: string
  readonly fields?: readonly DifferentField[]
  readonly reason?: string
}

export type VerificationOptions = {
  readonly read: ReadObservationOf
  /** LANGFUSE_VERIFY_SAMPLE's choice. */
  readonly isChosen: (traceId: string) => boolean
  readonly onVerified: (verified: Verified) => void
  readonly clock: Clock
  readonly times?: VerificationTimes
}

export type VerificationTimes = {
  /** Before each look, in ms: a server that answers 200 has only queued. The last look decides. */
  readonly waitsMs: readonly number[]
  /** Between two requests: the Cloud's smallest plan allows 15 a minute. */
  readonly paceMs: number
  readonly maxWaiting: number
}

/** 18 minutes in all: version 4 in dual mode shows what is new about ten minutes later. */
const usualTimes: VerificationTimes = {
  waitsMs: [10_000, 30_000, 60_000, 120_000, 300_000, 600_000],
  paceMs: 4_000,
  maxWaiting: 1_000,
}

export type Verification = Part & {
  /** Notes that a record was delivered. Returns at once; what does not fit is counted as skipped. */
  delivered(record: InferenceRecord): void
}

type Waiting = { readonly expected: Expected; readonly looks: number; readonly dueAt: number }

/** Reads a sample of what was delivered, one after another and with pauses, beside the delivery. */
export function createVerification(options: VerificationOptions): Verification {
  const { read, isChosen, onVerified, clock, times = usualTimes } = options
  const waiting = new Map<string, Waiting>()
  const stopping = new AbortController()
  let wakeUp = new AbortController()

  function put(expected: Expected, looks: number, atLeastMs = 0): void {
    const waitMs = Math.max(times.waitsMs[looks] ?? 0, atLeastMs)
    waiting.set(expected.id, { expected, looks, dueAt: clock.monotonic() + waitMs })
    wakeUp.abort()
  }

  async function look({ expected, looks }: Waiting): Promise<void> {
    const reading = await read(expected, stopping.signal)
    // It was delivered again meanwhile, and waits anew.
    if (waiting.has(expected.id)) return
    const verified = verifiedBy(reading, expected)
    if (verified.outcome === 'found' || looks + 1 >= times.waitsMs.length) return onVerified(verified)
    put(expected, looks + 1, reading.kind === 'failed' ? reading.retryAfterMs : undefined)
  }

  function unreadable({ expected: { traceId } }: Waiting, cause: unknown): void {
    if (stopping.signal.aborted) onVerified({ outcome: 'skipped', traceId, reason: 'stopped' })
    else onVerified({ outcome: 'unreadable', traceId, reason: String(cause) })
  }

  async function lookRegularly(): Promise<void> {
    while (!stopping.signal.aborted) {
      const next = [...waiting.values()].reduce<Waiting | undefined>(earlier, undefined)
      const waitMs = next === undefined ? times.paceMs : next.dueAt - clock.monotonic()
      if (next === undefined || waitMs > 0) {
        wakeUp = new AbortController()
        await pause(next === undefined ? 60_000 : waitMs, stopping.signal, wakeUp.signal)
        continue
      }
      waiting.delete(next.expected.id)
      await look(next).catch((cause) => unreadable(next, cause))
      await pause(times.paceMs, stopping.signal)
    }
  }

  return {
    name: 'verification',
    delivered(record) {
      const { traceId, spanId } = record.trace
      if (stopping.signal.aborted || !isChosen(traceId)) return
      if (waiting.size >= times.maxWaiting && !waiting.has(spanId))
        onVerified({ outcome: 'skipped', traceId })
      else put(expectedOf(record), 0)
    },
    start: () => void lookRegularly(),
    stop() {
      stopping.abort()
      for (const { expected } of waiting.values()) {
        onVerified({ outcome: 'skipped', traceId: expected.traceId, reason: 'stopped' })
      }
      waiting.clear()
    },
  }
}

function earlier(a: Waiting | undefined, b: Waiting): Waiting {
  return a !== undefined && a.dueAt <= b.dueAt ? a : b
}

function verifiedBy(reading: Reading, expected: Expected): Verified {
  const { traceId } = expected
  if (reading.kind === 'absent') return { outcome: 'missing', traceId }
  if (reading.kind === 'failed') return { outcome: 'unreadable', traceId, reason: reading.reason }
  const fields = differencesOf(expected, reading.observation)
  return fields.length === 0 ? { outcome: 'found', traceId } : { outcome: 'different', traceId, fields }
}
