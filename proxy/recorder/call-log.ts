import type { Logger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Call } from '../observe/call.ts'

/** Log lines about calls, without content or credentials. */
export type CallLog = {
  started(call: Call): void
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
 */
export function createCallLog(log: Logger, threadLog?: Logger): CallLog {
  const threadLogger = (threadId: string | undefined): Logger | undefined =>
    threadId === undefined ? undefined : threadLog?.child({ thread: threadId })

  return {
    started({ id, operation, upstream, context }) {
      const line = { call: id, operation, upstream }
      if (threadLog === undefined) return log.debug(line, 'call started')
      threadLogger(context.threadId)?.info(line, 'call started')
      log.info(line, 'call started')
    },

    ended(record) {
      const line = endLine(record)
      const isBad = record.error !== undefined
      if (threadLog === undefined)
        return isBad ? log.info(line, 'call ended badly') : log.debug(line, 'call ended')
      threadLogger(record.context.threadId)?.info({ ...line, ...details(record) }, 'call ended')
      log.info(line, 'call ended')
    },

    completed(record) {
      const line = endLine(record)
      threadLogger(record.context.threadId)?.info({ ...line, ...details(record) }, 'generation completed')
      if (threadLog === undefined) log.debug(line, 'generation completed')
      else log.info(line, 'generation completed')
    },

    forCall: ({ id, context }) => (threadLogger(context.threadId) ?? log).child({ call: id }),
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
