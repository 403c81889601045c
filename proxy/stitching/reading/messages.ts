import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { BlockList, modelBlock } from './block-list.ts'
import { contentTexts, listOf, textOf } from './content-texts.ts'
import type { Block, Conversation, ToolRequest, ToolResult } from './conversation.ts'
import { toolNames } from './tool-names.ts'

/** Reads a request of Anthropic's Messages API (https://platform.claude.com/docs/en/api/messages). */
export function readMessages(body: JsonObject): Conversation {
  const blocks = new BlockList()
  const system = contentTexts(body.system)
  let isCompacted = false
  for (const message of listOf(body.messages)) {
    if (!isJsonObject(message)) continue
    const content = listOf(message.content)
    if (message.role === 'system') system.push(...content.filter(isText).flatMap(contentTexts))
    else if (message.role === 'assistant') {
      isCompacted ||= content.some(isCompaction)
      blocks.add('model', assistantPart(content))
    } else blocks.add('client', clientPart(content))
  }
  return {
    blocks: blocks.read(),
    isCompacted,
    model: textOf(body.model) ?? '',
    agent: { system: system.join('\n'), tools: toolNames(listOf(body.tools)) },
  }
}

/** @param content of a message, as the model returned it @returns it as it will stand in the next request's history */
export const messageBlock = (content: readonly Json[]): Block => modelBlock(assistantPart(content))

function clientPart(content: readonly Json[]): Partial<Block> {
  const results = content.filter(isResult).map(resultOf)
  return { texts: contentTexts(content.filter((block) => !isResult(block))), results }
}

const isResult = (block: Json): block is JsonObject => isJsonObject(block) && block.type === 'tool_result'

function resultOf({ tool_use_id: id, content, is_error: isError }: JsonObject): ToolResult {
  return { ...omitUndefined({ id: textOf(id) }), content: content ?? null, isError: isError === true }
}

function assistantPart(content: readonly Json[]): Partial<Block> {
  const texts: string[] = []
  const calls: ToolRequest[] = []
  const keys: string[] = []
  for (const block of content) {
    if (!isJsonObject(block)) texts.push(...contentTexts(block))
    else if (block.type === 'text') texts.push(...contentTexts(block))
    else if (block.type === 'tool_use') calls.push(callOf(block))
    else if (isCompaction(block)) keys.push(...contentTexts(block.content))
    // Thinking by its signature, redacted thinking by its data; tools that the provider ran by the id of their use.
    else keys.push(...[block.signature, block.data, block.id].flatMap((key) => textOf(key) ?? []))
  }
  return { texts, calls, keys }
}

const isText = (block: Json): boolean => !isJsonObject(block) || block.type === 'text'

const isCompaction = (block: Json): boolean => isJsonObject(block) && block.type === 'compaction'

const callOf = ({ id, name, input }: JsonObject): ToolRequest => ({
  ...omitUndefined({ id: textOf(id) }),
  name: textOf(name) ?? '',
  arguments: input ?? {},
})
