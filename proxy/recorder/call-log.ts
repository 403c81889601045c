import type { Logger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { createThrottledLog, type ThrottledLog } from '../../shared/throttled-log.ts'
import type { Call } from '../observe/call.ts'

/** Log lines about calls, without content or credentials. */
export type CallLog = {
  started(call: Call): void
  /** @param record not redacted yet */
  ended(record: InferenceRecord): void
  /** The result of a call that ended before is known. */
  completed(record: InferenceRecord): void
  /** The logger for every other line about a call. */
  forCall(call: Call): Logger
}

/**
 * @param log the main log
 * @param threadLog with THREAD_LOGS: gets the lines of calls that have a thread, each with its `thread`. The main log
 * then gets only the start and end of such a call.
 * @param throttled while an upstream is away, every call ends badly: without LOG_LEVEL=debug one of each kind has a line
 * @param redactId with REDACT: a thread is called in its log, and in the name of its file, what its records call it
 */
export function createCallLog(
  log: Logger,
  threadLog?: Logger,
  redactId: (id: string) => string = (id) => id,
  throttled: ThrottledLog = createThrottledLog(log),
): CallLog {
  const loggerOf = (thread: string | undefined): Logger | undefined =>
    thread === undefined ? undefined : threadLog?.child({ thread })
  const loggerOfCall = ({ context: { threadId } }: Call | InferenceRecord): Logger | undefined =>
    threadLog === undefined || threadId === undefined ? undefined : loggerOf(redactId(threadId))

  return {
    started(call) {
      const { id, operation, upstream } = call
      const line = { call: id, operation, upstream }
      if (threadLog === undefined) return log.debug(line, 'call started')
      loggerOfCall(call)?.info(line, 'call started')
      log.info(line, 'call started')
    },

    ended(record) {
      const line = endLine(record)
      if (threadLog === undefined) {
        if (record.error === undefined) return log.debug(line, 'call ended')
        if (log.isLevelEnabled('debug')) return log.info(line, 'call ended badly')
        return throttled.info(`ended badly ${line.upstream} ${line.ending}`, line, 'call ended badly')
      }
      loggerOfCall(record)?.info({ ...line, ...details(record) }, 'call ended')
      log.info(line, 'call ended')
    },

    completed(record) {
      const line = endLine(record)
      // Made of a record that was redacted before it was kept.
      loggerOf(record.context.threadId)?.info({ ...line, ...details(record) }, 'generation completed')
      if (threadLog === undefined) log.debug(line, 'generation completed')
      else log.info(line, 'generation completed')
    },

    forCall: (call) => (loggerOfCall(call) ?? log).child({ call: call.id }),
  }
}

const endLine = ({ id, operation, upstream, ending, response, times, error }: InferenceRecord) => ({
  call: id,
  operation,
  upstream,
  ending,
  status: response.status,
  ms: Math.round(times.durationMs),
  error: error?.type,
})

const details = ({ request, response, times, usage }: InferenceRecord) => ({
  model: response.model ?? request.model,
  stream: request.stream,
  first_token_ms: times.firstTokenMs === undefined ? undefined : Math.round(times.firstTokenMs),
  usage,
  request_bytes: request.bodyBytes,
  response_bytes: response.bodyBytes,
})
