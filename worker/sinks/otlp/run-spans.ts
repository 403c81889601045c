import { isJsonObject } from '../../../shared/json.ts'
import { clientCalls } from '../../../shared/record/client-calls.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import type { AgentPlace, ToolSpan } from '../../../shared/record/run.ts'
import { toWellFormed } from '../well-formed-text.ts'
import { contentText, nanoseconds, type Span, spanKind, toAttributes } from './otlp-json.ts'

/**
 * The `invoke_agent` span of an agent that has answered. An agent that never does has none, and its calls stand under a
 * span that is missing.
 */
export function endedAgents(record: InferenceRecord): readonly Span[] {
  const { run, output, ending } = record
  if (run?.agent === undefined || ending !== 'completed' || asksForTools(output)) return []
  // One that was handed over to answers for the agent that the run began with, too; its name is in that one's records.
  const isHandedTo = run.root !== undefined && run.agent.parentSpanId === run.root.spanId
  const root = isHandedTo ? [agentSpan(record, run.root, undefined)] : []
  return [...root, agentSpan(record, run.agent, run.agent.name.replace(/^agent_/, ''))]
}

function agentSpan(record: InferenceRecord, place: AgentPlace, name: string | undefined): Span {
  const { trace, times, run, provider } = record
  const parentSpanId = place.parentSpanId ?? trace.parentSpanId
  return {
    traceId: trace.traceId,
    spanId: place.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: toWellFormed(name === undefined ? 'invoke_agent' : `invoke_agent ${name}`),
    kind: spanKind.internal,
    startTimeUnixNano: nanoseconds(place.startedAt),
    endTimeUnixNano: nanoseconds(times.startedAt + times.durationMs),
    attributes: toAttributes({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': provider,
      'gen_ai.agent.name': name,
      'gen_ai.conversation.id': run?.conversationId,
    }),
    status: {},
  }
}

/** An `execute_tool` span (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#execute-tool-span). */
export function toolSpan({ trace }: InferenceRecord, tool: ToolSpan): Span {
  const { name = 'tool', isError, byProvider } = tool
  const parentSpanId = tool.parentSpanId ?? trace.parentSpanId
  return {
    traceId: trace.traceId,
    spanId: tool.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: toWellFormed(`execute_tool ${name}`),
    kind: spanKind.internal,
    startTimeUnixNano: nanoseconds(tool.startedAt),
    endTimeUnixNano: nanoseconds(tool.endedAt),
    attributes: toAttributes({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': tool.callId,
      'gen_ai.tool.call.arguments': contentText(tool.arguments),
      'gen_ai.tool.call.result': contentText(tool.result),
      'error.type': isError === true ? 'tool_error' : undefined,
      'threadtap.tool.asked_by_call': tool.askedBy,
      'threadtap.tool.inferred': byProvider === true ? undefined : true,
    }),
    status: isError === true ? { code: 2 } : {},
  }
}

function asksForTools(output: Output | undefined): boolean {
  switch (output?.kind) {
    case 'choices':
      return output.choices.some(({ toolCalls = [] }) => toolCalls.length > 0)
    case 'items':
      return clientCalls(output.items).length > 0
    case 'message':
      return output.content.some((block) => isJsonObject(block) && block.type === 'tool_use')
    default:
      return false
  }
}
