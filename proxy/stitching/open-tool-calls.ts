import { leastRecentlyUsed } from '../../shared/least-recently-used.ts'
import { type AgentIdentity, isSameAgent } from './agents.ts'
import { indexLimits } from './call-index.ts'
import type { CallNode, ToolCallNode } from './call-node.ts'
import { comparableText } from './comparable-text.ts'
import type { KeyedHash } from './keyed-hash.ts'
import { createTextSearch, type TextSearch } from './text-trace.ts'

/** Calls whose tools are at work: what sub-agents may belong to. */
export type OpenToolCalls = {
  add(node: CallNode): void
  /** Whether any may be at work. */
  hasAny(scope: string): boolean
  /**
   * The call in whose tool a new agent works. Double evidence: it began while the tool ran, and its first message is, or
   * contains, what the tool was called with; of several the one of which it contains most.
   */
  callerOf(agent: SubAgentCall): SubAgentCaller | 'several' | undefined
}

export type SubAgentCall = {
  readonly scope: string
  readonly startedAt: number
  readonly identity: AgentIdentity
  /** Its first message. */
  readonly text: string
}

/** @property toolSpanId absent where several tools of that call were called with equal texts */
export type SubAgentCaller = { readonly node: CallNode; readonly toolSpanId?: string }

const maxOpen = 2_000

export function createOpenToolCalls(hash: KeyedHash): OpenToolCalls {
  const open = leastRecentlyUsed<CallNode>(maxOpen)

  return {
    add(node) {
      if (node.toolCalls.some(({ texts }) => texts.length > 0)) open.set(node.id, node)
    },

    hasAny(scope) {
      for (const node of open.values()) {
        if (node.scope === scope && node.toolCalls.some(isRunning)) return true
      }
      return false
    },

    callerOf(call) {
      const running = [...open.values()].filter((node) => mayHaveCalled(node, call))
      if (running.length === 0) return undefined
      const traces = running.flatMap(({ toolCalls }) =>
        toolCalls.filter(isRunning).flatMap(({ texts }) => texts),
      )
      const search = createTextSearch(comparableText(call.text), traces, hash)
      const tools = running.flatMap((node) =>
        node.toolCalls.filter(isRunning).map((tool) => ({ node, tool, found: foundOf(tool, search) })),
      )
      const most = Math.max(0, ...tools.map(({ found }) => found))
      const [first, ...others] = most === 0 ? [] : tools.filter(({ found }) => found === most)
      if (first === undefined) return undefined
      if (others.some(({ node }) => node !== first.node)) return 'several'
      return others.length > 0 ? { node: first.node } : { node: first.node, toolSpanId: first.tool.spanId }
    },
  }
}

/** @returns how many characters of what a tool was called with stand in the searched text; all, where it is nothing else */
const foundOf = ({ texts }: ToolCallNode, search: TextSearch): number =>
  texts
    .filter(search.contains)
    .reduce((sum, text) => sum + (search.isAll(text) ? Number.POSITIVE_INFINITY : text.length), 0)

const isRunning = ({ isAnswered }: ToolCallNode): boolean => !isAnswered

/** Clients go on with the last event of a stream, which may end later than that. */
const earlyMs = 1_000

/**
 * Another agent's, and answered not too long ago: an agent that looks at the same question beside it, such as a guardrail,
 * begins before its answer has come.
 */
function mayHaveCalled(node: CallNode, { scope, startedAt, identity }: SubAgentCall): boolean {
  if (node.scope !== scope || startedAt < node.startedAt) return false
  const sinceAnswer = startedAt - node.endedAt
  if (sinceAnswer < -earlyMs || sinceAnswer > indexLimits.idleMs) return false
  return node.agent !== undefined && !isSameAgent(node.agent, identity)
}
