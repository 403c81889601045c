import type { RunSpan } from '../../shared/admin/runs.ts'
import type { CostOf } from '../../shared/pricing/cost-of.ts'
import { askedTools, withAskedTool } from '../../shared/record/asked-tools.ts'
import { namedAgentSpanId } from '../../shared/record/named-agent-span.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { AgentPlace, ToolSpan } from '../../shared/record/run.ts'
import { previewInput, previewOutput, previewValue } from './preview.ts'

type Placed = Omit<RunSpan, 'spans'> & { readonly parentSpanId: string | undefined }

/**
 * The spans of a run: those that sinks get of the same records. What has no parent among them is at the top, such as calls
 * whose tool's result never came back.
 * @param records of one trace
 */
export function runTree(records: readonly InferenceRecord[], costOf?: CostOf): readonly RunSpan[] {
  const spans = new Map<string, Placed>()
  const asked = new Map(records.map((record) => [record.id, askedTools(record)]))
  for (const record of records) {
    for (const span of agentSpans(record, records)) spans.set(span.spanId, span)
    for (const tool of record.toolSpans ?? [])
      spans.set(tool.spanId, toolSpan(withAskedTool(tool, asked.get(tool.askedBy)), record))
    spans.set(record.trace.spanId, callSpan(record, costOf))
  }
  const children = new Map<string | undefined, Placed[]>()
  for (const span of spans.values()) {
    const parent =
      span.parentSpanId !== undefined && spans.has(span.parentSpanId) ? span.parentSpanId : undefined
    children.set(parent, [...(children.get(parent) ?? []), span])
  }
  const below = (parent: string | undefined): readonly RunSpan[] =>
    [...(children.get(parent) ?? [])].sort(byStart).map(({ parentSpanId: _, ...span }) => ({
      ...span,
      spans: below(span.spanId),
    }))
  return below(undefined)
}

const order = { agent: 2, call: 0, tool: 1 } as const

/** What was made first comes first; of what began together, what the other ones follow from. */
const byStart = (a: Placed, b: Placed): number => a.startedAt - b.startedAt || order[a.kind] - order[b.kind]

function agentSpans(record: InferenceRecord, records: readonly InferenceRecord[]): readonly Placed[] {
  const { run, trace, context } = record
  if (run?.agent !== undefined) {
    const named = agentSpan(run.agent, run.agent.name, records)
    const isRootKnown = records.some((other) => other.run?.agent?.spanId === run.root?.spanId)
    // Its name is in records of its own calls, which are not kept any longer.
    return run.root === undefined || isRootKnown ? [named] : [named, agentSpan(run.root, 'agent', records)]
  }
  const spanId = namedAgentSpanId(record)
  if (spanId === undefined) return []
  const calls = records.filter((other) => namedAgentSpanId(other) === spanId).map(({ times }) => times)
  const startedAt = Math.min(...calls.map((call) => call.startedAt))
  const endedAt = Math.max(...calls.map((call) => call.startedAt + call.durationMs))
  return [
    {
      kind: 'agent',
      name: `agent_${context.agentKey}`,
      spanId,
      startedAt,
      durationMs: endedAt - startedAt,
      parentSpanId: trace.parentSpanId,
    },
  ]
}

/** It ends with the last of its calls, or of those that it handed over to. */
function agentSpan(place: AgentPlace, name: string, records: readonly InferenceRecord[]): Placed {
  const { spanId, startedAt, parentSpanId } = place
  const ends = records
    .filter(({ run }) => run?.agent?.spanId === spanId || run?.agent?.parentSpanId === spanId)
    .map(({ times }) => times.startedAt + times.durationMs)
  return {
    kind: 'agent',
    name,
    spanId,
    startedAt,
    durationMs: Math.max(startedAt, ...ends) - startedAt,
    parentSpanId,
  }
}

function toolSpan(tool: ToolSpan, { trace }: InferenceRecord): Placed {
  const { spanId, parentSpanId = trace.parentSpanId, name = 'tool', startedAt, endedAt, isError } = tool
  const input = previewValue(tool.arguments)
  const output = previewValue(tool.result)
  return {
    kind: 'tool',
    name,
    spanId,
    startedAt,
    durationMs: endedAt - startedAt,
    parentSpanId,
    ...(isError === true && { error: 'failed' }),
    ...(tool.byProvider === true && { byProvider: true }),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
  }
}

function callSpan(record: InferenceRecord, costOf?: CostOf): Placed {
  const { id, trace, times, operation, request, response, usage, ending, link, error, run } = record
  const model = response.model ?? request.model
  const cost = costOf?.(record)
  const input = previewInput(record.input)
  const output = previewOutput(record.output)
  return {
    kind: 'call',
    name: model === undefined ? operation : `${operation} ${model}`,
    spanId: trace.spanId,
    startedAt: times.startedAt,
    durationMs: times.durationMs,
    parentSpanId: run?.agent?.spanId ?? namedAgentSpanId(record) ?? trace.parentSpanId,
    callId: id,
    ...(times.firstByteMs !== undefined && { firstByteMs: times.firstByteMs }),
    ...(times.firstTokenMs !== undefined && { firstTokenMs: times.firstTokenMs }),
    ...(request.attemptOf !== undefined && { attemptOf: request.attemptOf }),
    usage,
    ending,
    ...(cost !== undefined && { cost }),
    ...(link !== undefined && { link }),
    ...(error !== undefined && { error: `${error.type}: ${error.message}` }),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
  }
}
