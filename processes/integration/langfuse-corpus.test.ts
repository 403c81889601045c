import { expect, test } from 'vitest'
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
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../shared/testing/fake-langfuse/modes.ts'
import type { Observation } from '../../shared/testing/fake-langfuse/observation.ts'
import { langfuseSinkTo } from '../../worker/testing/test-pipeline.ts'
import { chatProblems, recordProblems } from '../testing/langfuse-page.ts'

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

function problemsOf(
  mode: Mode,
  one: CorpusCase,
  record: InferenceRecord,
  observation: Observation | undefined,
): readonly string[] {
  if (observation === undefined) return ['missing']
  const isChat = chats.has(record.operation) && record.input !== undefined
  const isUsageKnown = record.usage.provenance !== 'missing' && record.usage.output !== undefined
  return [
    ...recordProblems(observation, mode),
    ...(isChat ? chatProblems(observation, requestOf(one)) : []),
    ...(isChat && reasoningOf(record) > thinkingIn(observation) ? ['hidden reasoning'] : []),
    ...(isUsageKnown && observation.usage.details.total === undefined ? ['no total of tokens'] : []),
    ...(record.error !== undefined && observation.level === 'DEFAULT' ? ['an error that looks well'] : []),
  ]
}

const reasoningOf = ({ output }: InferenceRecord): number =>
  output?.kind === 'choices' ? output.choices.filter(({ reasoning }) => Boolean(reasoning)).length : 0

const thinkingIn = ({ view }: Observation): number =>
  (view.output ?? []).filter(({ thinking }) => thinking.length > 0).length

if (corpusMissing !== undefined) test.skip(corpusMissing, () => {})

test.skipIf(corpusMissing !== undefined).each<Mode>(['v4', 'v4-dual', 'v3', 'v3.20', 'v2'])(
  'no recorded exchange is lost, invented or unreadable on %s',
  async (mode) => {
    const langfuse = await lendLangfuse(mode)
    const sink = langfuseSinkTo(langfuse)
    const cases = corpusCases()
      .filter((one) => (headersOf(one)['content-encoding'] ?? '') === '')
      .map((one) => ({ one, record: recordOf(one) }))
    for (let at = 0; at < cases.length; at += 20) {
      const batch = cases.slice(at, at + 20).map(({ record }) => record)
      expect(new Set(await sink.send(batch, new AbortController().signal))).toEqual(new Set([{ ok: true }]))
    }
    expect(langfuse.losses()).toEqual([])
    const byId = new Map(langfuse.observations().map((observation) => [observation.id, observation]))
    const problems = cases.flatMap(({ one, record }) =>
      problemsOf(mode, one, record, byId.get(record.trace.spanId)).map(
        (problem) => `${one.name}: ${problem}`,
      ),
    )
    expect(problems).toEqual([])
    expect(cases.length).toBeGreaterThan(0)
  },
  60_000,
)
