import type { RememberedCall } from '../remembered-call.ts'

/** A call that asked for a tool. */
export function aRememberedCall(id: string, keys: readonly string[] = ['key']): RememberedCall {
  const agent = { spanId: '1'.repeat(16), startedAt: 1, instructions: 'i', tools: 't' }
  return {
    node: {
      id,
      scope: 'scope',
      traceId: 'a'.repeat(32),
      isExplicit: false,
      run: { conversationId: 'a'.repeat(32), turn: 1, agents: [agent] },
      step: 1,
      agent,
      prefix: 'p',
      request: 'r',
      isFailed: false,
      startedAt: 1,
      endedAt: 2,
      toolCalls: [{ id: 'tool', spanId: '2'.repeat(16), texts: [], isAnswered: false }],
      continuations: 0,
    },
    keys,
  }
}
