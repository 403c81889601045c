import type { Logger } from '../shared/logger.ts'
import type { InferenceRecord } from '../shared/record/record.ts'
import type { Call } from './observe/call.ts'

/** Where the lines about calls go. Neither content nor credentials are in any of them. */
export type CallLog = {
  started(call: Call): void
  ended(record: InferenceRecord): void
  /** For everything else that is said while a call is handled. */
  about(call: Call): Logger
}

/**
 * @param log the main log
 * @param threadLog with THREAD_LOGS: takes lines that name their `thread`. The main log then has of such a
 * call its start and its end alone.
 */
export function createCallLog(log: Logger, threadLog?: Logger): CallLog {
  const ofThread = (threadId: string | undefined): Logger | undefined =>
    threadId === undefined ? undefined : threadLog?.child({ thread: threadId })

  return {
    started({ id, operation, upstream, context }) {
      const line = { call: id, operation, upstream }
      if (threadLog === undefined) return log.debug(line, 'call started')
      ofThread(context.threadId)?.info(line, 'call started')
      log.info(line, 'call started')
    },

    ended(record) {
      const line = endLine(record)
      const isBad = record.error !== undefined
      if (threadLog === undefined)
        return isBad ? log.info(line, 'call ended badly') : log.debug(line, 'call ended')
      ofThread(record.context.threadId)?.info({ ...line, ...details(record) }, 'call ended')
      log.info(line, 'call ended')
    },

    about: ({ id, context }) => (ofThread(context.threadId) ?? log).child({ call: id }),
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
