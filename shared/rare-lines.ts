/** What a log line adds where lines like it were left out before it. */
export type LeftOut = { readonly left_out?: number }

/**
 * Writes a line at once where none like it was written lately. Otherwise the newest is written when the time is over, with
 * how many were left out.
 * @param key which lines are alike; one of a closed set, because each takes memory
 */
export type RareLines = (key: string, write: (leftOut: LeftOut) => void) => void

type Quiet = { repeated: number; write: (leftOut: LeftOut) => void }

/** @param everyMs how long lines like one that was written are left out */
export function createRareLines(everyMs = 60_000): RareLines {
  const quiet = new Map<string, Quiet>()

  function write(key: string, line: Quiet['write'], leftOut: number): void {
    quiet.set(key, { repeated: 0, write: line })
    setTimeout(() => end(key), everyMs).unref()
    line(leftOut === 0 ? {} : { left_out: leftOut })
  }

  function end(key: string): void {
    const ended = quiet.get(key)
    quiet.delete(key)
    if (ended !== undefined && ended.repeated > 0) write(key, ended.write, ended.repeated - 1)
  }

  return (key, line) => {
    const known = quiet.get(key)
    if (known === undefined) {
      write(key, line, 0)
      return
    }
    known.repeated += 1
    known.write = line
  }
}
