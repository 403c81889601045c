import { manyListenerAbort } from '../../shared/timing/abort.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import type { Spool, SpooledPack } from './spool.ts'

/**
 * Processes a pack that was taken from the spool, and settles it there. A rejection means that nothing was
 * settled.
 * @returns what is left of the pack, to come back later
 */
export type ProcessPack = (pack: SpooledPack, signal: AbortSignal) => Promise<SpooledPack | undefined>

export type SpoolReaderOptions = {
  readonly spool: Spool
  readonly packsAtOnce: number
  readonly processPack: ProcessPack
  /** How long a worker pauses with a pack that it could not process before it puts the pack back. */
  readonly backoff?: Backoff
  readonly onFailure: (pack: SpooledPack, cause: unknown) => void
}

/** Takes packs from the spool and has them processed, a bounded number at once. */
export type SpoolReader = {
  start(): void
  /**
   * Resolves when every pack that was taken is settled or put back.
   * @param deadline aborts the signal of packs that are still being processed
   * @param drain processes what else is in the spool, too
   */
  stop(deadline: AbortSignal, drain: boolean): Promise<void>
}

export function createSpoolReader(options: SpoolReaderOptions): SpoolReader {
  const stopping = manyListenerAbort()
  const forceStop = manyListenerAbort()
  let draining = false
  let workers: Promise<void>[] = []

  function start(): void {
    const signals = {
      stopping: stopping.signal,
      forceStop: forceStop.signal,
      isDone: () => (draining ? forceStop : stopping).signal.aborted,
    }
    workers = Array.from({ length: options.packsAtOnce }, () => runWorker(options, signals))
  }

  async function stop(deadline: AbortSignal, drain: boolean): Promise<void> {
    draining = drain
    stopping.abort()
    const onDeadline = () => forceStop.abort()
    deadline.addEventListener('abort', onDeadline)
    if (deadline.aborted) onDeadline()
    await Promise.all(workers)
    deadline.removeEventListener('abort', onDeadline)
  }

  return { start, stop }
}

type WorkerSignals = {
  /** Ends all waiting. */
  readonly stopping: AbortSignal
  readonly forceStop: AbortSignal
  /** Whether to take no further pack. */
  isDone(): boolean
}

async function runWorker(options: SpoolReaderOptions, signals: WorkerSignals): Promise<void> {
  const { spool, backoff = { baseMs: 1_000, maxMs: 30_000 } } = options
  const { stopping } = signals
  let failures = 0
  while (!signals.isDone()) {
    const pack = await spool.take(stopping)
    if (pack === undefined) return
    const left = await tryPack(options, pack, signals.forceStop)
    if (left === undefined) {
      failures = 0
      continue
    }
    failures = left.records < pack.records ? 0 : failures
    await pause(backoffMs(failures++, backoff), stopping)
    spool.putBack(left)
    // When draining, a pack that comes back at once would be taken again and again.
    if (stopping.aborted) return
  }
}

async function tryPack(
  { processPack, onFailure }: SpoolReaderOptions,
  pack: SpooledPack,
  forceStop: AbortSignal,
): Promise<SpooledPack | undefined> {
  try {
    return await processPack(pack, forceStop)
  } catch (cause) {
    if (!forceStop.aborted) onFailure(pack, cause)
    return pack
  }
}
