import { expect, onTestFinished, test } from 'vitest'
import { recordOfExchange } from '../../proxy/observe/testing/exchange.ts'
import { newRecordId, newSpanId, newTraceId } from '../../shared/record/ids.ts'
import type { InferenceRecord, Operation } from '../../shared/record/record.ts'
import {
  type CorpusCase,
  corpusCases,
  corpusMissing,
  headersOf,
  requestOf,
  responseOf,
} from '../../shared/testing/corpus.ts'
import { startFakeLangfuse } from '../../shared/testing/fake-langfuse/fake-langfuse.ts'
import type { Mode } from '../../shared/testing/fake-langfuse/modes.ts'
import { langfuseSinkTo } from '../../worker/testing/test-pipeline.ts'

// What Langfuse makes of recorded exchanges with real providers.

const operations: Readonly<Record<string, Operation>> = {
  chat: 'chat',
  completions: 'text_completion',
  responses: 'responses',
  'anthropic.messages': 'messages',
  embeddings: 'embeddings',
  rerank: 'rerank',
  images: 'image',
  moderations: 'moderation',
  'audio.transcriptions': 'audio',
  'audio.speech': 'audio',
}
const chats: ReadonlySet<Operation> = new Set(['chat', 'text_completion', 'responses', 'messages'])

function recordOf(one: CorpusCase): InferenceRecord {
  const body = requestOf(one)
  const trace = { traceId: newTraceId(), spanId: newSpanId(), agentSpanId: newSpanId() }
  const context = { tags: ['a'], metadata: {}, agentKey: 'tutor' }
  const operation = operations[one.meta.endpoint] ?? 'relay'
  return recordOfExchange({
    call: { id: newRecordId(1), trace, context, operation, ...(body !== undefined && { body }) },
    status: one.meta.status,
    headers: headersOf(one),
    chunks: [responseOf(one)],
  })
}

if (corpusMissing !== undefined) test.skip(corpusMissing, () => {})

test.skipIf(corpusMissing !== undefined).each<Mode>(['v4', 'v2'])(
  'no recorded exchange is lost, invented or unreadable on %s',
  async (mode) => {
    const langfuse = await startFakeLangfuse(mode)
    onTestFinished(langfuse.close)
    const sink = langfuseSinkTo(langfuse)
    const records = corpusCases()
      .filter((one) => (headersOf(one)['content-encoding'] ?? '') === '')
      .map((one) => ({ name: one.name, record: recordOf(one) }))
    for (let at = 0; at < records.length; at += 20) {
      const batch = records.slice(at, at + 20).map(({ record }) => record)
      expect(new Set(await sink.send(batch, new AbortController().signal))).toEqual(new Set([{ ok: true }]))
    }
    expect(langfuse.losses()).toEqual([])
    const byId = new Map(langfuse.observations().map((observation) => [observation.id, observation]))
    const problems = records.flatMap(({ name, record }) => {
      const observation = byId.get(record.trace.spanId)
      if (observation === undefined) return [`${name} is missing`]
      const { view, usage, metadata, output, level } = observation
      const isChat = chats.has(record.operation) && record.input !== undefined
      const calls = [view.shownCalls, view.countedCalls].map(String)
      return [
        isChat && view.input === undefined ? `${name}: the input is no chat` : [],
        isChat && record.error === undefined && record.output && view.output === undefined
          ? `${name}: the output is no chat`
          : [],
        calls[0] !== calls[1] ? `${name}: calls ${calls.join(' shown, counted ')}` : [],
        usage.source === 'estimated' ? `${name}: invented usage` : [],
        record.error && (output === null || level === 'DEFAULT') ? `${name}: a hidden error` : [],
        Object.keys(metadata).some((key) => /^(attributes|scope|resourceAttributes)\./.test(key))
          ? `${name}: noise in the metadata`
          : [],
      ].flat()
    })
    expect(problems).toEqual([])
    expect(records.length).toBeGreaterThan(0)
  },
  60_000,
)
