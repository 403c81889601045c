import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { calledArguments, calledName, providersOutput } from '../../../shared/record/client-calls.ts'
import type { Choice } from '../../../shared/record/output.ts'
import { textOf } from './content-texts.ts'
import type { ServerTool } from './conversation.ts'
import { isFailed } from './failed-item.ts'

// Tools that the provider runs itself: call and result are in one answer.

type Reading = (item: JsonObject) => {
  readonly name: Json | undefined
  readonly args: Json | undefined
  readonly result: Json | undefined
}

/**
 * Items of the Responses API by their type, without those that the client answers
 * (https://platform.openai.com/docs/api-reference/responses/object).
 */
const items: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ['web_search_call', ({ action }) => ({ name: 'web_search', args: action, result: undefined })],
  [
    'file_search_call',
    ({ queries, results }) => ({ name: 'file_search', args: optional({ queries }), result: results }),
  ],
  [
    'code_interpreter_call',
    ({ code, outputs }) => ({ name: 'code_interpreter', args: optional({ code }), result: outputs }),
  ],
  ['mcp_call', (item) => ({ name: mcpName(item), args: item.arguments, result: item.output ?? item.error })],
  [
    'mcp_list_tools',
    (item) => ({
      name: `${item.server_label}.list_tools`,
      args: undefined,
      result: item.tools ?? item.error,
    }),
  ],
  [
    'image_generation_call',
    ({ revised_prompt: prompt, size, quality, result }) => ({
      name: 'image_generation',
      args: optional({ prompt, size, quality }),
      result,
    }),
  ],
])

export function serverToolItems(output: readonly Json[]): readonly ServerTool[] {
  const listed = output.filter(isJsonObject)
  return listed.flatMap((item): readonly ServerTool[] => {
    const type = textOf(item.type) ?? ''
    const reading = items.get(type)
    if (reading !== undefined) {
      const { name, args, result } = reading(item)
      return [serverTool(textOf(item.id), name, args, result, isFailed(item))]
    }
    const result = providersOutput(listed, item)
    if (result === undefined) return []
    return [
      serverTool(
        textOf(item.call_id) ?? textOf(item.id),
        calledName(item),
        calledArguments(item),
        outputOf(result),
        isFailed(result),
      ),
    ]
  })
}

const outputOf = ({ output, tools }: JsonObject): Json | undefined => output ?? tools

const mcpName = ({ server_label: server, name }: JsonObject): Json | undefined =>
  typeof server === 'string' ? `${server}.${name}` : name

/** Blocks of the Messages API: `server_tool_use` or `mcp_tool_use`, and the block that answers it by its id. */
export function serverToolBlocks(content: readonly Json[]): readonly ServerTool[] {
  const blocks = content.filter(isJsonObject)
  return blocks.flatMap((block) => {
    if (block.type !== 'server_tool_use' && block.type !== 'mcp_tool_use') return []
    const answer = blocks.find((other) => other.tool_use_id === block.id && block.id !== undefined)
    const name = block.type === 'mcp_tool_use' ? `${block.server_name}.${block.name}` : block.name
    return [
      serverTool(
        textOf(block.id),
        name,
        block.input,
        answer?.content,
        answer !== undefined && isErrorBlock(answer),
      ),
    ]
  })
}

const isErrorBlock = ({ is_error: isError, content }: JsonObject): boolean =>
  isError === true || (isJsonObject(content) && /_error$/.test(String(content.type)))

/** Tools that Groq ran, as its choices list them. */
export function executedTools(choices: readonly Choice[]): readonly ServerTool[] {
  const tools = choices.flatMap(({ executedTools: run = [] }) => run).filter(isJsonObject)
  return tools.map((tool) =>
    serverTool(textOf(tool.id), tool.name ?? tool.type, tool.arguments, tool.output, false),
  )
}

function serverTool(
  id: string | undefined,
  name: Json | undefined,
  args: Json | undefined,
  result: Json | undefined,
  isError: boolean,
): ServerTool {
  return {
    ...omitUndefined({ id, arguments: args ?? undefined, result: result ?? undefined }),
    name: textOf(name) ?? 'tool',
    isError,
  }
}

/** @returns the fields that have a value; undefined where none has */
function optional(fields: JsonObject): JsonObject | undefined {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)
  return present.length === 0 ? undefined : Object.fromEntries(present)
}
