import type { CallIndex } from './call-index.ts'
import type { CallNode, RunNode } from './call-node.ts'
import type { RememberedCall } from './remembered-call.ts'

/**
 * Adds a call that others have seen, or what has become of it since. Its run is the one that is known here, where one is:
 * calls of a run share its agents.
 * @returns the call as it is known here from now on
 */
export function learnCall(index: CallIndex, { node, keys }: RememberedCall): CallNode {
  const known = index.get(node.id)
  // An answer that came later than its call asks for tools that were not known before.
  if (known !== undefined && known.toolCalls.length >= node.toolCalls.length) {
    merge(known, node)
    return known
  }
  const relative = known ?? (node.parentId === undefined ? undefined : index.get(node.parentId))
  const run = relative?.traceId === node.traceId ? sharedRun(relative.run, node.run) : node.run
  const learned = { ...node, run }
  index.add(learned, keys)
  return learned
}

function merge(known: CallNode, node: CallNode): void {
  known.continuations = Math.max(known.continuations, node.continuations)
  for (const [at, call] of known.toolCalls.entries()) {
    call.isAnswered ||= node.toolCalls[at]?.isAnswered === true
  }
  sharedRun(known.run, node.run)
}

function sharedRun(known: RunNode, other: RunNode): RunNode {
  for (const agent of other.agents) {
    if (!known.agents.some(({ spanId }) => spanId === agent.spanId)) known.agents.push(agent)
  }
  return known
}
