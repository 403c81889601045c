import { isJsonObject, parseJson } from '../json.ts'
import { createLogger, type Logger } from '../logger.ts'
import type { ThreadLogs } from './thread-logs.ts'

/** A logger that writes each line to the file of its `thread` field. */
export function threadLogger(level: string, role: string, logs: Pick<ThreadLogs, 'write'>): Logger {
  return createLogger(level, role, {
    write(line: string) {
      const fields = parseJson(line)
      if (isJsonObject(fields) && typeof fields.thread === 'string') logs.write(fields.thread, line)
    },
  })
}
