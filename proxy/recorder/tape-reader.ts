import type { Part } from '../../shared/lifecycle.ts'
import type { CrashJournal } from '../crash-journal/crash-journal.ts'
import type { FrameReader } from '../tape/ring.ts'
import type { RingReader } from '../tape/ring-reader.ts'

export type TapeReaderOptions = {
  readonly ring: RingReader
  readonly visit: FrameReader
  /** Called before frames are read. */
  readonly onRead: () => void
  /**
   * Gets all that is on the tape before anything of it is read: reading may take long, and be killed. What it has not written
   * is not read, so that no record is known to anybody that a kill could take back.
   */
  readonly journal?: Pick<CrashJournal, 'visit' | 'written'>
  /**
   * How long frames gather before they are read, in ms. A thread that is woken for each call costs more than the
   * recording of it (measured: loadtest/NOTES.md), and nobody waits for a record.
   */
  readonly pollMs?: number
}

export type TapeReader = Part & {
  /** The writer has left something while this reader slept. */
  wake(): void
  /** Reads all that is there now: what comes next on another way must not overtake it. */
  drain(): void
  /** The same, once the journal has it. */
  catchUp(): Promise<void>
}

/** After so many empty looks in a row the reader sleeps, and costs nothing until it is woken. */
const emptyLooksMax = 20

/**
 * Bytes that are read in one turn of the event loop: some ten calls. Timers and I/O of the same thread come between two, and
 * above all the journal: where the thread gets little of the processor, what it takes on at once keeps it for long.
 */
const turnBytes = 65_536

/** Reads the tape for as long as somebody writes on it. */
export function createTapeReader(options: TapeReaderOptions): TapeReader {
  const { ring, visit, onRead, journal, pollMs = 50 } = options
  let timer: NodeJS.Timeout | undefined
  let next: NodeJS.Immediate | undefined
  let emptyLooks = 0
  let isStopped = false
  /** What the journal has is read up to here. */
  let safeEnd = 0

  function read(maxBytes?: number): number {
    onRead()
    if (journal === undefined) return ring.read(visit, maxBytes)
    void journalled(journal)
    return ring.read(visit, maxBytes, safeEnd)
  }

  async function journalled({ visit: peek, written }: NonNullable<typeof journal>): Promise<void> {
    ring.peek(peek)
    const end = ring.peeked
    const isSafe = await written()
    safeEnd = end.position
    if (isSafe) ring.noteSafe(end)
  }

  function drain(): void {
    if (journal !== undefined) safeEnd = ring.peek(journal.visit)
    read()
  }

  function look(): void {
    timer = undefined
    next = undefined
    if (isStopped) return
    const bytes = read(turnBytes)
    emptyLooks = bytes > 0 ? 0 : emptyLooks + 1
    if (emptyLooks >= emptyLooksMax && ring.sleep()) return
    if (bytes < turnBytes) timer = setTimeout(look, pollMs)
    else next = setImmediate(look)
  }

  return {
    name: 'tape reader',
    wake() {
      emptyLooks = 0
      if (next === undefined) timer ??= setTimeout(look, pollMs)
    },
    drain,
    async catchUp() {
      if (journal !== undefined) await journalled(journal)
      read()
    },
    start: look,
    stop() {
      clearTimeout(timer)
      isStopped = true
      drain()
    },
  }
}
