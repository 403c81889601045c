import { isJsonObject, type Json, parseJson } from '../../shared/json.ts'
import type { AgentNode, CallNode, ToolCallNode } from './call-node.ts'

/** A call as it is remembered, and the keys that it is found under. */
export type RememberedCall = { readonly node: CallNode; readonly keys: readonly string[] }

const version = 1

/** One line of JSON: ids of our own, hashes, and times. */
export const encodeCall = ({ node, keys }: RememberedCall): string =>
  JSON.stringify({ v: version, node, keys })

/** @returns undefined for what another version wrote, or nobody did */
export function decodeCall(text: string): RememberedCall | undefined {
  const entry = parseJson(text)
  if (!isJsonObject(entry) || entry.v !== version) return undefined
  const { node, keys } = entry
  return isCallNode(node) && isListOf(keys, isText) ? { node: node as unknown as CallNode, keys } : undefined
}

function isCallNode(node: Json | undefined): boolean {
  if (!isJsonObject(node)) return false
  const { run, toolCalls, agent } = node
  const texts = [node.id, node.scope, node.traceId, node.prefix, node.request]
  const numbers = [node.step, node.startedAt, node.endedAt, node.continuations]
  return (
    texts.every(isText) &&
    numbers.every((value) => typeof value === 'number') &&
    isJsonObject(run) &&
    isText(run.conversationId) &&
    typeof run.turn === 'number' &&
    isListOf(run.agents, isAgent) &&
    isListOf(toolCalls, isToolCall) &&
    (agent === undefined || isAgent(agent))
  )
}

const isText = (value: Json | undefined): value is string => typeof value === 'string'

const isListOf = <T extends Json>(
  value: Json | undefined,
  isItem: (item: Json) => item is T,
): value is readonly T[] => Array.isArray(value) && value.every((item: Json) => isItem(item))

const isAgent = (value: Json): value is AgentNode & Json =>
  isJsonObject(value) &&
  [value.spanId, value.instructions, value.tools].every(isText) &&
  typeof value.startedAt === 'number'

const isToolCall = (value: Json): value is ToolCallNode & Json =>
  isJsonObject(value) && isText(value.id) && isText(value.spanId) && Array.isArray(value.texts)
