import { type DestinationStream, type Logger, pino } from 'pino'
import { loggedError } from './logged-error.ts'

export type { Logger } from 'pino'

/** Standard output is for what the commands print. */
const standardError = 2

/**
 * JSON lines: `{"level":"warn","time":"2026-...","role":"proxy","msg":"...", ...}`. Callers never pass
 * content or credentials.
 */
export function createLogger(level: string, role: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { role },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: loggedError },
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination({ fd: standardError, sync: true }),
  )
}
