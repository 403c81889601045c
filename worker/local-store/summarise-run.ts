import type { CallSummary } from '../../shared/admin/call-store.ts'
import type { RunSummary } from '../../shared/admin/runs.ts'
import { countErrors, sumCosts, sumTokens } from './summarise.ts'

/**
 * @param calls of one trace, oldest first
 * @param turns of the conversation
 * @returns undefined where none of them was looked at for links
 */
export function summariseRun(calls: readonly CallSummary[], turns: number): RunSummary | undefined {
  const first = calls.find(({ conversationId }) => conversationId !== undefined)
  if (first?.conversationId === undefined) return undefined
  const startedAt = Math.min(...calls.map((call) => call.startedAt))
  const [newest = first] = [...calls].sort((a, b) => endOf(b) - endOf(a))
  const agent = calls.map(agentOf).find((name) => name !== undefined)
  const { output } = newest
  const cost = sumCosts(calls)
  return {
    id: first.traceId,
    thread: first.thread,
    conversationId: first.conversationId,
    turn: first.turn ?? 1,
    turns,
    calls: calls.length,
    tools: calls.reduce((sum, { tools = 0 }) => sum + tools, 0),
    tokens: sumTokens(calls),
    startedAt,
    durationMs: endOf(newest) - startedAt,
    errors: countErrors(calls),
    ...(agent !== undefined && { agent }),
    ...(cost !== undefined && { cost }),
    ...(first.input !== undefined && { input: first.input }),
    ...(output !== undefined && { output }),
  }
}

const endOf = ({ startedAt, durationMs }: CallSummary): number => startedAt + durationMs

/** Under a trace that the caller names only a key makes an agent. */
const agentOf = ({ agent, agentKey }: CallSummary): string | undefined =>
  agent ?? (agentKey === undefined ? undefined : `agent_${agentKey}`)
