import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Link, Run, ToolSpan } from '../../shared/record/run.ts'
import { runAgent } from './agents.ts'
import type { Search } from './find-parent.ts'
import type { Place } from './place.ts'
import type { EndedCall, Stitched } from './stitched-call.ts'

/**
 * What the record of a call says of its place.
 * @param agentName of the agent that made the call
 */
export function stitchedFrom(
  call: EndedCall,
  place: Place,
  search: Search,
  agentName: () => string,
  toolSpans: readonly ToolSpan[],
): Stitched {
  const { traceId, callerSpanId } = place
  return {
    traceId,
    ...(callerSpanId !== undefined && { parentSpanId: callerSpanId }),
    link: linkOf(call, place, search),
    run: runOf(place, agentName),
    toolSpans,
  }
}

function linkOf({ conversation }: EndedCall, { kind, relation, parentId }: Place, search: Search): Link {
  const isRefused = relation === undefined && search !== undefined && 'refused' in search
  return omitUndefined({
    kind,
    refused: isRefused ? search.refused : undefined,
    relation,
    parentCallId: parentId,
    compacted: parentId !== undefined && conversation.isCompacted ? (true as const) : undefined,
  })
}

/** In a trace that the caller named agents are his to name: with `x-agent-key`. */
function runOf({ kind, run, step, agent }: Place, agentName: () => string): Run {
  const { conversationId, turn, agents } = run
  if (agent === undefined || kind === 'explicit') return { conversationId, turn, step }
  const [root] = agents
  const isOther = root !== undefined && root.spanId !== agent.spanId
  return {
    ...{ conversationId, turn, step, agent: runAgent(agent, agentName()) },
    ...(isOther && { root: { spanId: root.spanId, startedAt: root.startedAt } }),
  }
}
