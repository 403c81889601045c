import { manyListenerAbort } from '../../shared/timing/abort.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import type { Spool, SpooledPack } from './spool.ts'

/**
 * Works on one pack that is out of the spool, and settles it there. A rejection means that nothing was
 * settled.
 * @returns what is left of the pack, to come back later
 */
export type Work = (pack: SpooledPack, signal: AbortSignal) => Promise<SpooledPack | undefined>

export type SpoolReaderOptions = {
  readonly spool: Spool
  readonly packsAtOnce: number
  readonly work: Work
  /** How long whoever made no headway with a pack rests before it is given back. */
  readonly backoff?: Backoff
  readonly workFailed: (pack: SpooledPack, cause: unknown) => void
}

/** Takes packs out of the spool, a bounded number at once. */
export type SpoolReader = {
  start(): void
  /**
   * Ends when all that was out is settled or given back.
   * @param deadline aborts the signal of the work that is still going on
   * @param drain works off what else is in the spool, too
   */
  stop(deadline: AbortSignal, drain: boolean): Promise<void>
}

export function createSpoolReader(options: SpoolReaderOptions): SpoolReader {
  const { spool, packsAtOnce, work, workFailed } = options
  const backoff = options.backoff ?? { baseMs: 1_000, maxMs: 30_000 }
  const idle = manyListenerAbort()
  const forceStop = manyListenerAbort()
  let draining = false
  let hands: Promise<void>[] = []

  async function hand(): Promise<void> {
    let failures = 0
    while (!idle.signal.aborted || (draining && !forceStop.signal.aborted)) {
      const pack = await spool.take(idle.signal)
      if (pack === undefined) return
      const left = await attempt(pack)
      if (left === undefined) {
        failures = 0
        continue
      }
      failures = left.records < pack.records ? 0 : failures
      await pause(backoffMs(failures++, backoff), idle.signal)
      spool.giveBack(left)
      // When stopping, a pack that comes back at once would be taken again and again.
      if (idle.signal.aborted) return
    }
  }

  async function attempt(pack: SpooledPack): Promise<SpooledPack | undefined> {
    try {
      return await work(pack, forceStop.signal)
    } catch (cause) {
      if (!forceStop.signal.aborted) workFailed(pack, cause)
      return pack
    }
  }

  async function stop(deadline: AbortSignal, drain: boolean): Promise<void> {
    draining = drain
    idle.abort()
    const onDeadline = () => forceStop.abort()
    deadline.addEventListener('abort', onDeadline)
    if (deadline.aborted) onDeadline()
    await Promise.all(hands)
    deadline.removeEventListener('abort', onDeadline)
  }

  function start(): void {
    hands = Array.from({ length: packsAtOnce }, hand)
  }

  return { start, stop }
}
