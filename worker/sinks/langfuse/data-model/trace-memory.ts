import { leastRecentlyUsed } from '../../../../shared/least-recently-used.ts'
import { namedAgentSpanId } from '../../../../shared/record/named-agent-span.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { type Level, levelOf, worse } from './level.ts'
import { createRunAgents, type RunAgentSpan } from './run-agents.ts'

/** What the calls of one trace have in common, as far as this process has seen them. */
export type TraceGroup = {
  /** The name that the caller gave the trace, else its first agent's. */
  readonly name: string | undefined
  /** The union: Langfuse's page shows the tags of the observation that was written last (measured). */
  readonly tags: readonly string[]
  /** The agent's span around this call, where the caller named agent and trace. */
  readonly agent: AgentFacts | undefined
  /** The spans of agents of a run that travel with this call. */
  readonly runAgents: readonly RunAgentSpan[]
}

/**
 * The one span around all calls of an agent in a trace. Its id derives from them, and its start is the same on each of
 * them: version 4 shows rows of a span as two spans where they differ in one of these (measured).
 */
export type AgentFacts = {
  readonly id: string
  readonly startedAt: number
  readonly endedAt: number
  /** The worst of the calls beneath. */
  readonly level: Level
}

export type TraceMemory = {
  /** To be called with each batch before it is mapped. */
  observe(batch: readonly InferenceRecord[]): void
  groupOf(record: InferenceRecord): TraceGroup
}

type Remembered = {
  explicitName: string | undefined
  agentName: string | undefined
  readonly tags: Set<string>
  readonly agents: Map<string, AgentFacts>
}

/** Traces that are remembered. When it is full the one that was used longest ago goes. */
const maxTraces = 10_000
/** Of one trace; Langfuse shows no more tags, and no trace has as many agents. */
const maxPerTrace = 100

export function createTraceMemory(): TraceMemory {
  const traces = leastRecentlyUsed<Remembered>(maxTraces)
  const runAgents = createRunAgents()

  function observeOne(record: InferenceRecord): void {
    const { trace, context } = record
    const known = traces.get(trace.traceId) ?? newTrace()
    traces.set(trace.traceId, known)
    known.explicitName ??= context.traceName
    known.agentName ??= traceAgentName(record)
    for (const tag of context.tags) if (known.tags.size < maxPerTrace) known.tags.add(tag)
    const id = namedAgentSpanId(record)
    if (id === undefined) return
    const before = known.agents.get(id)
    if (before !== undefined || known.agents.size < maxPerTrace)
      known.agents.set(id, withCall(before, record, id))
  }

  return {
    observe(batch) {
      const byStart = [...batch].sort((a, b) => a.times.startedAt - b.times.startedAt)
      for (const record of byStart) {
        observeOne(record)
        runAgents.observe(record)
      }
    },

    groupOf(record) {
      const known = traces.get(record.trace.traceId)
      const id = namedAgentSpanId(record)
      return {
        name: known?.explicitName ?? known?.agentName ?? record.context.traceName ?? traceAgentName(record),
        tags: known === undefined ? record.context.tags : [...known.tags],
        agent: id === undefined ? undefined : (known?.agents.get(id) ?? withCall(undefined, record, id)),
        runAgents: runAgents.carriedBy(record),
      }
    },
  }
}

const newTrace = (): Remembered => ({
  explicitName: undefined,
  agentName: undefined,
  tags: new Set(),
  agents: new Map(),
})

function withCall(
  before: AgentFacts | undefined,
  { times, ending }: InferenceRecord,
  id: string,
): AgentFacts {
  const endedAt = times.startedAt + times.durationMs
  const level = levelOf(ending)
  if (before === undefined) return { id, startedAt: times.startedAt, endedAt, level }
  return { ...before, endedAt: Math.max(before.endedAt, endedAt), level: worse(before.level, level) }
}

/** The name of the span of an agent that the caller named. */
export function agentName({ context }: InferenceRecord): string | undefined {
  return context.agentKey === undefined ? undefined : `agent_${context.agentKey}`
}

/** What a trace is called where the caller gave no name: after its agent; a run after the agent that it began with. */
function traceAgentName(record: InferenceRecord): string | undefined {
  const { agent, root } = record.run ?? {}
  if (root !== undefined) return undefined
  return agent?.name ?? agentName(record)
}
