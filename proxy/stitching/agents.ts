import type { RunAgent } from '../../shared/record/run.ts'
import type { AgentNode } from './call-node.ts'
import { type KeyedHash, spanIdOf } from './keyed-hash.ts'
import type { AgentFacts, Block } from './reading/conversation.ts'
import { digestOf } from './text-digest.ts'
import { asksForTool, isObservation } from './tools-in-words.ts'

/** Which agent made a call, as far as its request tells. */
export type AgentIdentity = Pick<AgentNode, 'instructions' | 'tools'> & { readonly name: string }

/** What a name may take from instructions: with REDACT applied, or nothing, as CAPTURE_CONTENT has it. */
export type Quote = ((text: string) => string) | undefined

/** @param agentKey as the caller named the agent */
export function identify(
  { system, tools }: AgentFacts,
  agentKey: string | undefined,
  hash: KeyedHash,
  quote: Quote,
): AgentIdentity {
  if (agentKey !== undefined)
    return { instructions: hash('key', agentKey), tools: '', name: `agent_${agentKey}` }
  const steady = digestOf([system], 'steady')
  const instructions = steady.length === 0 ? '' : hash('instructions', steady.digest)
  const toolNames = tools.length === 0 ? '' : hash('tools', ...[...tools].sort())
  const name = quote ? nameOf(quote(system), tools) : `agent_${markOf(hash(instructions, toolNames))}`
  return { instructions, tools: toolNames, name }
}

/** Six letters and digits. */
const markOf = (hashed: string): string => hashed.replace(/[-_]/g, '').slice(0, 6).toLowerCase()

/**
 * Instructions change within a run (what day it is), and so do tools (those that a search finds), but not both at once:
 * that is another agent.
 */
export const isSameAgent = (
  a: Pick<AgentNode, 'instructions' | 'tools'>,
  b: Pick<AgentNode, 'instructions' | 'tools'>,
): boolean => a.instructions === b.instructions || (a.tools === b.tools && a.tools !== '')

const maxNameWords = 5
/** Sentences of the instructions that are searched for one that says what the agent is. */
const maxSentences = 8
const maxNameCharacters = 48

/** @returns `agent_travel_planner` for "You are a helpful travel planner. ..."; without instructions after its tools */
function nameOf(system: string, tools: readonly string[]): string {
  const sentences = system
    .replace(/<[^>]*>|[#*`_]+/g, ' ')
    .split(/[\n.!?:;,]/)
    .slice(0, maxSentences)
  const described = sentences.map(description).find((words) => words !== '')
  const name = described ?? slug(tools.slice(0, 2).join(' '), maxNameWords)
  return name === '' ? 'agent' : `agent_${name}`
}

/** What a sentence says of the agent; empty for a word that stands alone, such as a heading. */
function description(sentence: string): string {
  const said = sentence.trim()
  const rest = said
    .replace(/^(you are|you're|act as|your (name|role|task|job|goal)( is)?|you)\b\s*/i, '')
    .replace(/^(an?|the|to)\s+/i, '')
    .replace(/^(helpful|useful|expert)\s+/i, '')
  const words = slug(rest, maxNameWords)
  return rest !== said || words.includes('_') ? words : ''
}

function slug(text: string, maxWords: number): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.slice(0, maxWords).join('_').slice(0, maxNameCharacters)
}

/** @returns the agent as a span; the same for the same agent under the same parent, in every process */
export function placeAgent(
  { instructions, tools }: AgentIdentity,
  agentKey: string | undefined,
  traceId: string,
  startedAt: number,
  parentSpanId: string | undefined,
): AgentNode {
  // An agent that the caller names has the span that calls of a trace of his have; see trace-memory.ts of the worker.
  const place = agentKey ?? `${instructions} ${tools}`
  const spanId = spanIdOf(traceId, parentSpanId ?? '', place)
  return { spanId, startedAt, instructions, tools, ...(parentSpanId !== undefined && { parentSpanId }) }
}

export const runAgent = ({ spanId, startedAt, parentSpanId }: AgentNode, name: string): RunAgent => ({
  name,
  spanId,
  startedAt,
  ...(parentSpanId !== undefined && { parentSpanId }),
})

/** True where a conversation shows that tools are at work. */
export const usesTools = (blocks: readonly Block[]): boolean =>
  blocks.some(
    ({ by, calls, results, texts }) =>
      calls.length > 0 || results.length > 0 || texts.some(by === 'model' ? asksForTool : isObservation),
  )
