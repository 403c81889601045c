import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import {
  calledArguments,
  calledName,
  clientCalls,
  isAnsweredByClients,
} from '../../../shared/record/client-calls.ts'
import { BlockList, modelBlock } from './block-list.ts'
import { contentTexts, listOf, textOf } from './content-texts.ts'
import type { Block, Conversation, ToolRequest, ToolResult } from './conversation.ts'
import { isFailed } from './failed-item.ts'
import { toolNames } from './tool-names.ts'

/** Reads a request of the Responses API (https://platform.openai.com/docs/api-reference/responses/create). */
export function readResponses(body: JsonObject): Conversation {
  const blocks = new BlockList()
  const system = contentTexts(body.instructions)
  for (const item of listOf(body.input)) {
    if (typeof item === 'string') blocks.add('client', { texts: [item] })
    else if (isJsonObject(item)) addItem(blocks, item, system)
  }
  const conversation = isJsonObject(body.conversation) ? body.conversation.id : body.conversation
  return omitUndefined({
    previousResponseId: textOf(body.previous_response_id),
    conversationId: textOf(conversation),
    blocks: blocks.read(),
    isCompacted: listOf(body.input).some((item) => isJsonObject(item) && item.type === 'compaction'),
    model: textOf(body.model) ?? '',
    agent: { system: system.join('\n'), tools: toolNames(listOf(body.tools)) },
  })
}

function addItem(blocks: BlockList, item: JsonObject, system: string[]): void {
  const type = typeOf(item)
  if (type === 'message' && item.role !== 'assistant') {
    if (item.role === 'system' || item.role === 'developer') system.push(...contentTexts(item.content))
    else blocks.add('client', { texts: contentTexts(item.content) })
  } else if (isResult(type, item)) blocks.add('client', { results: [resultOf(item)] })
  else blocks.add('model', modelPart(item, type))
}

/** @returns the output as it will stand in the next request's history */
export function itemsBlock(items: readonly Json[]): Block {
  const blocks = new BlockList()
  const waiting = new Set(clientCalls(items))
  for (const item of items) {
    if (isJsonObject(item)) blocks.add('model', modelPart(item, typeOf(item), waiting.has(item)))
  }
  return blocks.read()[0] ?? modelBlock({})
}

const typeOf = (item: JsonObject): string => textOf(item.type) ?? 'message'

/** Results that the client brings; those of tools that the provider ran answer no call. */
const isResult = (type: string, item: JsonObject): boolean =>
  /_(output|response)$/.test(type) && answeredId(item) !== undefined

const answeredId = (item: JsonObject): string | undefined =>
  textOf(item.call_id) ?? textOf(item.approval_request_id)

function resultOf(item: JsonObject): ToolResult {
  const id = answeredId(item)
  const content = item.output ?? item.tools ?? item.approve ?? null
  return { ...omitUndefined({ id }), content, isError: isFailed(item) }
}

function modelPart(item: JsonObject, type: string, waits = isAnsweredByClients(item)): Partial<Block> {
  const keys = [item.id, item.encrypted_content].flatMap((key) => textOf(key) ?? [])
  if (type === 'message') return { texts: contentTexts(item.content), keys }
  return waits ? { calls: [callOf(item)], keys } : { keys }
}

const callOf = (item: JsonObject): ToolRequest => ({
  ...omitUndefined({ id: textOf(item.call_id) ?? textOf(item.id) }),
  name: calledName(item),
  arguments: calledArguments(item) ?? '',
})
