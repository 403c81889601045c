import type { InferenceRecord, Operation } from '../../../shared/record/record.ts'
import { corpusCases, headersOf, requestOf, responseOf } from '../../../shared/testing/corpus.ts'
import { readReported, reportedAnswers } from '../../../shared/testing/reported.ts'
import { eventStream, json, recordOfExchange } from './exchange.ts'
import { reportedCases } from './reported.ts'

/** One recorded answer, and the record that was made of it. */
export type Observed = {
  /** `<group>/<name>` */
  readonly name: string
  /** The dialect, or `reported`. */
  readonly group: string
  readonly isStream: boolean
  readonly body: string
  readonly record: InferenceRecord
}

const operations: Readonly<Record<string, Operation>> = {
  chat: 'chat',
  completions: 'text_completion',
  responses: 'responses',
  embeddings: 'embeddings',
  rerank: 'rerank',
  moderations: 'moderation',
  'anthropic.messages': 'messages',
  'audio.transcriptions': 'audio',
  'audio.translations': 'audio',
  images: 'image',
}

/** @returns every answer of the corpus to a call that generates something */
export const observedCorpus = (): readonly Observed[] =>
  corpusCases().flatMap((one) => {
    const operation = operations[one.meta.endpoint]
    if (operation === undefined) return []
    const [body, chunk] = [requestOf(one), responseOf(one)]
    const record = recordOfExchange({
      call: { operation, ...(body !== undefined && { body }) },
      status: one.meta.status,
      headers: headersOf(one),
      chunks: [chunk],
    })
    const { name, meta } = one
    return [{ name, group: meta.dialect, isStream: meta.stream, body: chunk.toString(), record }]
  })

/** @returns every reported answer to such a call, whether or not a record of it is expected elsewhere */
export function observedReports(): readonly Observed[] {
  const known = new Map(reportedCases().map((one) => [one.name, one]))
  return reportedAnswers().flatMap(({ folder, file }) => {
    const chunk = readReported(folder, file)
    const name = `${folder}/${file}`
    const { call, headers } = known.get(name) ?? {
      call: { operation: operationBy(chunk.toString()) },
      headers: file.endsWith('.sse') ? eventStream : json,
    }
    if (call.operation === 'relay') return []
    const record = recordOfExchange({ call, headers, chunks: [chunk] })
    return [{ name, group: 'reported', isStream: file.endsWith('.sse'), body: chunk.toString(), record }]
  })
}

/** The answers stand without their paths. */
function operationBy(body: string): Operation {
  if (/"type": ?"(?:message_start|message)"/.test(body) && !/"object": ?"response"/.test(body))
    return 'messages'
  return /"object": ?"response"|"type": ?"response\./.test(body) ? 'responses' : 'chat'
}
