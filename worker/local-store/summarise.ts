import type { CallSummary, ThreadKind, ThreadSummary } from '../../shared/admin/call-store.ts'
import type { Cost, CostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { previewInput, previewOutput } from './preview.ts'

export function summariseCall(record: InferenceRecord, costOf?: CostOf): CallSummary {
  const { context, request, response, times, error } = record
  const model = response.model ?? request.model
  const input = previewInput(record.input)
  const output = previewOutput(record.output)
  const cost = costOf?.(record)
  return {
    id: record.id,
    ...threadOf(record),
    traceId: record.trace.traceId,
    operation: record.operation,
    upstream: record.upstream,
    stream: request.stream,
    startedAt: times.startedAt,
    durationMs: times.durationMs,
    usage: record.usage,
    ending: record.ending,
    ...(context.sessionId !== undefined && { sessionId: context.sessionId }),
    ...(context.userId !== undefined && { userId: context.userId }),
    ...(context.agentKey !== undefined && { agentKey: context.agentKey }),
    ...(record.link !== undefined && { link: record.link }),
    ...runFieldsOf(record),
    ...(model !== undefined && { model }),
    ...(times.firstTokenMs !== undefined && { firstTokenMs: times.firstTokenMs }),
    ...(response.status !== undefined && { status: response.status }),
    ...(error !== undefined && { error: `${error.type}: ${error.message}` }),
    ...(cost !== undefined && { cost }),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
  }
}

function runFieldsOf({ run, toolSpans }: InferenceRecord): Partial<CallSummary> {
  if (run === undefined) return {}
  return {
    conversationId: run.conversationId,
    turn: run.turn,
    ...(run.agent !== undefined && { agent: run.agent.name }),
    ...(toolSpans !== undefined && { tools: toolSpans.length }),
  }
}

/**
 * A thread id without a session id is also the session id, so that a call that has only the session belongs to
 * the same thread. The name alone decides, not which of the two fields it came from.
 */
function threadOf({ context, trace, run, link }: InferenceRecord): {
  thread: string
  threadKind: ThreadKind
} {
  if (context.threadId !== undefined) return { thread: context.threadId, threadKind: 'thread' }
  if (context.sessionId !== undefined) return { thread: context.sessionId, threadKind: 'session' }
  if (run !== undefined && link?.kind !== 'explicit')
    return { thread: run.conversationId, threadKind: 'conversation' }
  return { thread: trace.traceId, threadKind: 'trace' }
}

/** @param calls of one thread, newest first, at least one */
export function summariseThread(calls: readonly [CallSummary, ...CallSummary[]]): ThreadSummary {
  const [newest] = calls
  const cost = sumCosts(calls)
  return {
    thread: newest.thread,
    kind: newest.threadKind,
    calls: calls.length,
    firstAt: calls.at(-1)?.startedAt ?? newest.startedAt,
    lastAt: newest.startedAt,
    users: distinct(calls.map((call) => call.userId)),
    sessions: distinct(calls.map((call) => call.sessionId)),
    models: distinct(calls.map((call) => call.model)),
    tokens: sumTokens(calls),
    ...(cost !== undefined && { cost }),
    errors: countErrors(calls),
  }
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))]
}

export const hasFailed = ({ ending }: Pick<CallSummary, 'ending'>): boolean =>
  ending !== 'completed' && ending !== 'running'

export const countErrors = (calls: readonly CallSummary[]): number => calls.filter(hasFailed).length

export function sumTokens(calls: readonly CallSummary[]): ThreadSummary['tokens'] {
  const sum = { input: 0, output: 0, total: 0 }
  for (const { usage } of calls) {
    if (usage.provenance === 'missing') continue
    const { input = 0, output = 0 } = usage
    sum.input += input
    sum.output += output
    sum.total += usage.total ?? input + output
  }
  return sum
}

/** By a price list as soon as one of them is; then of the newest such list. */
export function sumCosts(calls: readonly CallSummary[]): Cost | undefined {
  const costs = calls.flatMap(({ cost }) => cost ?? [])
  if (costs.length === 0) return undefined
  const usd = costs.reduce((sum, cost) => sum + cost.usd, 0)
  const listed = costs.filter((cost) => cost.source === 'price_list')
  const date = listed
    .map((cost) => cost.date)
    .sort()
    .at(-1)
  if (date === undefined) return { usd, source: 'provider' }
  const estimated = listed.some((cost) => cost.estimated) && { estimated: true as const }
  return { usd, source: 'price_list', date, ...estimated }
}
