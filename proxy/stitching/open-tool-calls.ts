import { LRUCache } from 'lru-cache'
import { type AgentIdentity, isSameAgent } from './agents.ts'
import type { CallNode, ToolCallNode } from './call-node.ts'
import { comparableText } from './comparable-text.ts'
import type { KeyedHash } from './keyed-hash.ts'
import { createTextSearch } from './text-trace.ts'

/** Calls whose tools are at work: what sub-agents may belong to. */
export type OpenToolCalls = {
  add(node: CallNode): void
  /** Whether any may be at work. */
  hasAny(scope: string): boolean
  /**
   * The call in whose tool a new agent works. Double evidence: it began while the tool ran, and its first message is, or
   * contains, what the tool was called with.
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

/** @property toolSpanId absent where several tools of that call were called with it */
export type SubAgentCaller = { readonly node: CallNode; readonly toolSpanId?: string }

const maxOpen = 2_000

export function createOpenToolCalls(hash: KeyedHash): OpenToolCalls {
  const open = new LRUCache<string, CallNode>({ max: maxOpen })

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
      const callers = running.flatMap((node) => {
        const tools = node.toolCalls.filter((tool) => isRunning(tool) && tool.texts.some(search.contains))
        return tools.length === 0 ? [] : [{ node, spanIds: tools.map(({ spanId }) => spanId) }]
      })
      const [only, ...others] = callers
      if (only === undefined) return undefined
      if (others.length > 0) return 'several'
      const [toolSpanId, ...more] = only.spanIds
      return more.length > 0 || toolSpanId === undefined
        ? { node: only.node }
        : { node: only.node, toolSpanId }
    },
  }
}

const isRunning = ({ isAnswered }: ToolCallNode): boolean => !isAnswered

/** Another agent's, and begun before: not ended, because a client may be faster than whoever notes that it has ended. */
function mayHaveCalled(node: CallNode, { scope, startedAt, identity }: SubAgentCall): boolean {
  if (node.scope !== scope || node.startedAt > startedAt) return false
  return node.agent !== undefined && !isSameAgent(node.agent, identity)
}
