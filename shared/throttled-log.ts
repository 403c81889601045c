import type { Logger } from './logger.ts'

type WriteLine = (key: string, details: object, message: string, log?: Logger) => void

/**
 * A log for lines that may come in floods. A line is written at once where none like it was written lately. Otherwise the
 * newest is written when the time is over, with how many were left out as `left_out`. Each method takes:
 * `key`: which lines are alike; one of a closed set, because each takes memory;
 * `log`: where this line goes instead of the usual log.
 */
export type ThrottledLog = {
  readonly info: WriteLine
  readonly warn: WriteLine
  readonly error: WriteLine
}

/** @param everyMs how long lines like one that was written are left out */
export function createThrottledLog(log: Logger, everyMs = 60_000): ThrottledLog {
  const write = createThrottle(everyMs)
  const writeAs =
    (level: keyof ThrottledLog): WriteLine =>
    (key, details, message, ownLog = log) =>
      write(key, (leftOut) => ownLog[level]({ ...details, ...leftOut }, message))
  return { info: writeAs('info'), warn: writeAs('warn'), error: writeAs('error') }
}

type Write = (leftOut: { readonly left_out?: number }) => void
type Quiet = { repeated: number; write: Write }

function createThrottle(everyMs: number): (key: string, write: Write) => void {
  const quiet = new Map<string, Quiet>()

  function begin(key: string, write: Write, leftOut: number): void {
    quiet.set(key, { repeated: 0, write })
    setTimeout(() => end(key), everyMs).unref()
    write(leftOut === 0 ? {} : { left_out: leftOut })
  }

  function end(key: string): void {
    const ended = quiet.get(key)
    quiet.delete(key)
    if (ended !== undefined && ended.repeated > 0) begin(key, ended.write, ended.repeated - 1)
  }

  return (key, write) => {
    const known = quiet.get(key)
    if (known === undefined) return begin(key, write, 0)
    known.repeated += 1
    known.write = write
  }
}
