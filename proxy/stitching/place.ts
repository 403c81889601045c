import type { LinkKind, Relation } from '../../shared/record/run.ts'
import { type AgentIdentity, isSameAgent, placeAgent } from './agents.ts'
import type { AgentNode, CallNode, RunNode } from './call-node.ts'
import type { Found } from './find-parent.ts'
import type { Conversation } from './reading/conversation.ts'
import type { EndedCall } from './stitched-call.ts'
import { isObservation } from './tools-in-words.ts'

/** Where a call belongs: its run, and how it came there. */
export type Place = {
  readonly kind: LinkKind
  readonly relation?: Relation
  readonly traceId: string
  /** The caller named the trace: here, or with the call that this one goes on from. */
  readonly isExplicit: boolean
  readonly callerSpanId?: string
  readonly parentId?: string
  /** The call that failed, where this is another attempt. */
  readonly attemptOf?: string
  readonly run: RunNode
  readonly step: number
  readonly agent?: AgentNode
}

/** A run of its own, the first of its conversation. */
export function placeRoot(call: EndedCall, identity: AgentIdentity | undefined): Place {
  const run: RunNode = { conversationId: call.traceId, turn: 1, agents: [] }
  return { ...beginRun(call, run, identity), kind: call.isExplicit ? 'explicit' : 'none' }
}

/** The same request again, after `earlier` has failed: everything is as it was there. */
export function placeAttempt(call: EndedCall, earlier: CallNode, kind: LinkKind): Place {
  const { traceId, isExplicit, callerSpanId, parentId, run, step, agent } = earlier
  return {
    kind: call.isExplicit ? 'explicit' : kind,
    relation: 'attempt',
    attemptOf: earlier.id,
    traceId,
    isExplicit,
    run,
    step,
    ...(callerSpanId !== undefined && { callerSpanId }),
    ...(parentId !== undefined && { parentId }),
    ...(agent !== undefined && { agent }),
  }
}

/**
 * After the answer of another call.
 * @param repeated the same request was answered before
 */
export function placeAfter(
  call: EndedCall,
  { node, kind, turnsAgo }: Found,
  identity: AgentIdentity | undefined,
  repeated: boolean,
): Place {
  const isTurn = beginsTurn(call.conversation, kind, turnsAgo)
  const again = repeated ? 'regeneration' : node.continuations > 0 ? 'branch' : undefined
  const linked = { kind: call.isExplicit ? 'explicit' : kind, parentId: node.id } as const
  if (isTurn) {
    const { conversationId, turn } = node.run
    const run: RunNode = { conversationId, turn: turn + 1, agents: [] }
    return { ...beginRun(call, run, identity), ...linked, relation: again ?? 'turn' }
  }
  const agent = agentAfter(call, node, identity)
  const isOther = agent !== undefined && node.agent !== undefined && agent.spanId !== node.agent.spanId
  return {
    ...linked,
    relation: again ?? (isOther ? 'handoff' : 'step'),
    traceId: node.traceId,
    isExplicit: node.isExplicit || call.isExplicit,
    run: node.run,
    step: node.step + 1,
    ...(node.callerSpanId !== undefined && { callerSpanId: node.callerSpanId }),
    ...(agent !== undefined && { agent }),
  }
}

/** As a tool of another agent. @param parentSpanId the tool's span, or the agent's where it may be one of several tools */
export function placeSubAgent(
  call: EndedCall,
  parent: CallNode,
  identity: AgentIdentity,
  parentSpanId: string | undefined,
): Place {
  const { traceId, run } = parent
  const agent = placeAgent(identity, call.agentKey, traceId, call.startedAt, parentSpanId)
  return {
    kind: 'subagent',
    relation: 'subagent',
    traceId,
    isExplicit: false,
    run,
    parentId: parent.id,
    step: parent.step + 1,
    agent: known(run, agent),
    ...(parent.callerSpanId !== undefined && { callerSpanId: parent.callerSpanId }),
  }
}

function beginRun(call: EndedCall, run: RunNode, identity: AgentIdentity | undefined): Omit<Place, 'kind'> {
  const { traceId, callerSpanId, agentKey, startedAt, isExplicit } = call
  const isShown = identity !== undefined && (!isExplicit || agentKey !== undefined)
  const agent = isShown ? placeAgent(identity, agentKey, traceId, startedAt, callerSpanId) : undefined
  return {
    traceId,
    isExplicit,
    run,
    step: 1,
    ...(callerSpanId !== undefined && { callerSpanId }),
    ...(agent !== undefined && { agent: known(run, agent) }),
  }
}

/** A new message of the user begins a turn; results of tools, or nothing new, go on with the same one. */
function beginsTurn({ blocks }: Conversation, kind: LinkKind, turnsAgo: number): boolean {
  const isWhole = kind === 'response_id' || kind === 'conversation'
  const since = isWhole ? blocks : blocks.slice(lastTurnsStart(blocks, turnsAgo))
  const clients = since.filter(({ by }) => by === 'client')
  return clients.some(
    ({ texts, results }) => results.length === 0 && texts.length > 0 && !texts.every(isObservation),
  )
}

/** @returns where the model's turn stands that is so many turns ago */
function lastTurnsStart(blocks: Conversation['blocks'], turnsAgo: number): number {
  let left = turnsAgo
  for (let at = blocks.length - 1; at >= 0; at--) {
    if (blocks[at]?.by !== 'model') continue
    if (left === 0) return at
    left -= 1
  }
  return 0
}

/** The agent that goes on in a run: the one before, or the one that it has handed over to. */
function agentAfter(
  call: EndedCall,
  node: CallNode,
  identity: AgentIdentity | undefined,
): AgentNode | undefined {
  const { agent: before, run, traceId } = node
  if (identity === undefined || node.isExplicit) return before
  if (before !== undefined && (identity.instructions === '' || isSameAgent(before, identity))) return before
  const [root] = run.agents
  if (root !== undefined && before?.parentSpanId === root.parentSpanId && isSameAgent(root, identity))
    return root
  const parentSpanId = before?.parentSpanId ?? root?.spanId
  if (root !== undefined && parentSpanId === root.spanId && isSameAgent(root, identity)) return root
  const siblings = run.agents.filter((agent) => agent.parentSpanId === parentSpanId)
  const sibling = siblings.find((agent) => isSameAgent(agent, identity))
  return sibling ?? known(run, placeAgent(identity, call.agentKey, traceId, call.startedAt, parentSpanId))
}

/** No run has more agents than are worth telling apart. */
const maxAgents = 64

/** The agent as the run knows it, which it does from now on. */
function known(run: RunNode, agent: AgentNode): AgentNode {
  const before = run.agents.find(({ spanId }) => spanId === agent.spanId)
  if (before !== undefined) return before
  if (run.agents.length < maxAgents) run.agents.push(agent)
  return agent
}
