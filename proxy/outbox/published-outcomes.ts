import { pause } from '../../shared/timing/pause.ts'
import { coalesce } from '../spool/coalesce.ts'
import type { Spool } from '../spool/spool.ts'
import type { RedisQueue } from './redis-queue.ts'

export type PublishedOutcomesEvents = {
  /** @param waiting records that go to Redis again @param dropped records of which no copy was left */
  lostByRedis(waiting: number, dropped: number): void
}

export type PublishedOutcomesOptions = {
  readonly spool: Spool
  readonly queue: RedisQueue
  readonly events: PublishedOutcomesEvents
  readonly everyMs?: number
  /** How long Redis has had a pack before somebody looks whether it still has. */
  readonly lostAfterMs?: number
}

/** Learns what became of the packs that Redis has. */
export type PublishedOutcomes = {
  start(): void
  /** Resolves when everything reported so far is in the spool's ledger. @throws when Redis cannot be asked */
  read(): Promise<void>
  /** Resolves after the first reading that worked: what is settled by then must not be published again. */
  readonly caughtUp: Promise<void>
  stop(): void
}

/** Outcomes read in one command. */
const outcomesAtOnce = 500

export function createPublishedOutcomes(options: PublishedOutcomesOptions): PublishedOutcomes {
  const { spool, queue, events, everyMs = 1_000, lostAfterMs = 15_000 } = options
  const stopped = new AbortController()
  let onCaughtUp = (): void => undefined
  const caughtUp = new Promise<void>((resolve) => {
    onCaughtUp = resolve
  })
  // Requests share runs, so that no two of them remove outcomes at once.
  let failure: unknown
  const run = coalesce(async () => {
    failure = undefined
    try {
      while (await readSome()) {}
      onCaughtUp()
    } catch (cause) {
      failure = cause
    }
  })

  async function read(): Promise<void> {
    await run()
    if (failure !== undefined) throw failure
  }

  /** @returns false when there was nothing to read */
  async function readSome(): Promise<boolean> {
    const outcomes = await queue.outcomes(spool.origin, outcomesAtOnce)
    if (outcomes.length === 0) return false
    // Counted before they are removed: what is read twice is counted once.
    await spool.settlePublished(outcomes.filter((outcome) => outcome !== undefined))
    await queue.removeOutcomes(spool.origin, outcomes.length)
    return true
  }

  async function findLost(): Promise<void> {
    const missing = await queue.missing(spool.publishedFor(lostAfterMs))
    if (missing.length === 0) return
    // A worker reports an outcome before its job is removed: what is reported by now was not lost.
    await read()
    const { waiting, dropped } = await spool.lostByRedis(missing)
    if (waiting + dropped > 0) events.lostByRedis(waiting, dropped)
  }

  async function readRegularly(): Promise<void> {
    let lookedAtMs = performance.now()
    while (!stopped.signal.aborted) {
      try {
        await read()
        if (performance.now() - lookedAtMs >= lostAfterMs) {
          lookedAtMs = performance.now()
          await findLost()
        }
      } catch {
        // Redis is away, which the queue's gate reports; what it has to tell waits there.
      }
      await pause(everyMs, stopped.signal)
    }
  }

  return { start: () => void readRegularly(), read, caughtUp, stop: () => stopped.abort() }
}
