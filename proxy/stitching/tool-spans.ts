import type { Json } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { parsedArguments } from '../../shared/record/client-calls.ts'
import type { ToolSpan } from '../../shared/record/run.ts'
import type { CallIndex } from './call-index.ts'
import type { CallNode, TextTrace, ToolCallNode } from './call-node.ts'
import { comparableText } from './comparable-text.ts'
import type { EvidenceReader } from './evidence.ts'
import { type KeyedHash, spanIdOf } from './keyed-hash.ts'
import type { Block, Conversation, ToolRequest } from './reading/conversation.ts'
import type { AnsweredCall, EndedCall } from './stitched-call.ts'
import { equalMinLength, traceOf } from './text-trace.ts'

/** Tool calls that are remembered of one answer; no client runs more at once. */
const maxToolCalls = 128

/** @returns the tool calls of an answer, as they are remembered */
export function toolCallNodes(
  call: Pick<EndedCall, 'id' | 'scope' | 'answer'>,
  evidence: EvidenceReader,
  hash: KeyedHash,
): readonly ToolCallNode[] {
  const requests = call.answer.blocks.flatMap(({ calls }) => calls).slice(0, maxToolCalls)
  return requests.map(({ id, arguments: args }, at) => ({
    id: id === undefined ? '' : evidence.toolId(call.scope, id),
    spanId: spanIdOf(call.id, 'tool', String(at)),
    texts: textTraces(args, hash),
    isAnswered: false,
  }))
}

const maxTexts = 8

function textTraces(args: Json, hash: KeyedHash): readonly TextTrace[] {
  const texts = textsIn(parsedArguments(args), 0)
    .map(comparableText)
    .filter(({ length }) => length >= equalMinLength)
  return texts.slice(0, maxTexts).map((text) => traceOf(text, hash))
}

function textsIn(value: Json, depth: number): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || depth > 4) return []
  return Object.values(value).flatMap((entry: Json | undefined) =>
    entry === undefined ? [] : textsIn(entry, depth + 1),
  )
}

/**
 * Spans of the tools whose results a request brings, each once.
 * @param node the call that it follows, which asked for them, or for those that did not take longer than another answer
 * @param isNewest its answer is the last one in the request's history
 */
export function answeredToolSpans(
  call: EndedCall,
  node: CallNode,
  evidence: EvidenceReader,
  index: Pick<CallIndex, 'find'>,
  isNewest: boolean,
): readonly ToolSpan[] {
  const { results, asked, askedBefore } = exchangeOf(call.conversation)
  return results.flatMap((result): readonly ToolSpan[] => {
    const id = result.id === undefined ? '' : evidence.toolId(call.scope, result.id)
    // Clients give calls ids of their own where those of the provider are not unique; the order stays.
    const at = isNewest ? asked.findIndex((request) => request.id === result.id) : -1
    const placed = node.toolCalls[at]
    const asker = placed !== undefined || asks(node, id) ? node : earlierAsker(index, node, id)
    const named = asker?.toolCalls.filter((one) => one.id === id) ?? []
    const answered = (named.length > 0 ? named : [placed]).find((one) => one?.isAnswered === false)
    if (asker === undefined || answered === undefined) return []
    answered.isAnswered = true
    const request = requestOf(asker === node ? asked : askedBefore, result.id, asker, answered)
    return [
      omitUndefined({
        spanId: answered.spanId,
        parentSpanId: asker.agent?.spanId ?? asker.callerSpanId,
        askedBy: asker.id,
        callId: result.id,
        name: request?.name,
        arguments: request === undefined ? undefined : parsedArguments(request.arguments),
        result: result.content,
        isError: result.isError ? (true as const) : undefined,
        startedAt: asker.endedAt,
        endedAt: Math.max(call.startedAt, asker.endedAt),
      }),
    ]
  })
}

const asks = ({ toolCalls }: CallNode, id: string): boolean => toolCalls.some((one) => one.id === id)

/** The one call before `node` in its run that asked for a tool whose result is late; ids that may be anybody's lead to none. */
function earlierAsker(index: Pick<CallIndex, 'find'>, node: CallNode, id: string): CallNode | undefined {
  const [only, ...others] = index.find(id).filter(({ traceId }) => traceId === node.traceId)
  return others.length === 0 ? only : undefined
}

/** What the request brings of results, the calls right before them in its history, and all those before these. */
function exchangeOf({ blocks }: Conversation): {
  readonly results: Block['results']
  readonly asked: readonly ToolRequest[]
  readonly askedBefore: readonly ToolRequest[]
} {
  const last = blocks.at(-1)
  if (last?.by !== 'client') return { results: [], asked: [], askedBefore: [] }
  const askedBefore = blocks.slice(0, -2).flatMap(({ calls }) => calls)
  return { results: last.results, asked: blocks.at(-2)?.calls ?? [], askedBefore }
}

/** By id, and where several have it, or none, by their order. */
function requestOf(
  asked: readonly ToolRequest[],
  id: string | undefined,
  node: CallNode,
  answered: ToolCallNode,
): ToolRequest | undefined {
  const same = asked.filter((request) => request.id === id)
  const position = node.toolCalls.filter((one) => one.id === answered.id).indexOf(answered)
  return same[position] ?? same[0]
}

/** Spans of the tools that the provider ran within the call. */
export function providerToolSpans({
  id,
  spanId,
  startedAt,
  endedAt,
  answer,
}: AnsweredCall): readonly ToolSpan[] {
  return answer.serverTools.slice(0, maxToolCalls).map((tool, at) =>
    omitUndefined({
      spanId: spanIdOf(id, 'provider', String(at)),
      parentSpanId: spanId,
      askedBy: id,
      callId: tool.id,
      name: tool.name,
      arguments: tool.arguments === undefined ? undefined : parsedArguments(tool.arguments),
      result: tool.result,
      isError: tool.isError ? (true as const) : undefined,
      byProvider: true as const,
      startedAt,
      endedAt,
    }),
  )
}
