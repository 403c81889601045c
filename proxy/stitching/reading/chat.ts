import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Choice } from '../../../shared/record/output.ts'
import { BlockList, modelBlock } from './block-list.ts'
import { contentTexts, listOf, textOf } from './content-texts.ts'
import type { Block, Conversation, ToolRequest } from './conversation.ts'
import { toolNames } from './tool-names.ts'

/** Reads a request of the Chat Completions API (https://platform.openai.com/docs/api-reference/chat/create). */
export function readChat(body: JsonObject): Conversation {
  const blocks = new BlockList()
  const system: string[] = []
  for (const message of listOf(body.messages)) {
    if (!isJsonObject(message)) continue
    const texts = contentTexts(message.content)
    switch (message.role) {
      case 'system':
      case 'developer':
        system.push(...texts)
        break
      case 'assistant':
        blocks.add('model', assistantPart(message))
        break
      case 'tool':
      case 'function': {
        const result = { content: message.content ?? null, isError: false }
        blocks.add('client', {
          results: [{ ...omitUndefined({ id: textOf(message.tool_call_id) }), ...result }],
        })
        break
      }
      default:
        blocks.add('client', { texts })
    }
  }
  const tools = toolNames([...listOf(body.tools), ...listOf(body.functions)])
  return {
    blocks: blocks.read(),
    isCompacted: false,
    model: textOf(body.model) ?? '',
    agent: { system: system.join('\n'), tools },
  }
}

function assistantPart(message: JsonObject): Partial<Block> {
  const legacy = isJsonObject(message.function_call) ? [message.function_call] : []
  const calls = [...listOf(message.tool_calls).filter(isJsonObject), ...legacy].map(callOf)
  return { texts: [...contentTexts(message.content), ...contentTexts(message.refusal)], calls }
}

/** `{id, function}`, `{id, custom}`, or the deprecated `{name, arguments}`. */
function callOf(call: JsonObject): ToolRequest {
  const { custom } = call
  if (isJsonObject(custom)) return request(call.id, custom.name, custom.input)
  const called = isJsonObject(call.function) ? call.function : call
  return request(call.id, called.name, called.arguments)
}

const request = (id: Json | undefined, name: Json | undefined, args: Json | undefined): ToolRequest => ({
  ...omitUndefined({ id: textOf(id) }),
  name: textOf(name) ?? '',
  arguments: args ?? '',
})

/** @returns the choice as it will stand in the next request's history */
export function choiceBlock({ content, refusal, toolCalls }: Choice): Block {
  const calls = (toolCalls ?? []).map((call) => request(call.id, call.name, call.arguments))
  return modelBlock({ texts: [...contentTexts(content), ...contentTexts(refusal)], calls })
}
