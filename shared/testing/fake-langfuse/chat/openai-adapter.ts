import { isJsonObject, type Json, type JsonObject } from '../../../json.ts'

// How Langfuse's page recognises and rewrites OpenAI's shapes, before it checks them: the parts that matter here of
// packages/shared/src/utils/chatml/adapters/openai.ts in langfuse/langfuse, 4.16.0.

const roles = new Set(['system', 'user', 'assistant', 'tool', 'function'])

export function isOpenAi(data: Json): boolean {
  if (Array.isArray(data)) {
    return data.every(
      (item: Json) => isJsonObject(item) && roles.has(String(item.role)) && !Array.isArray(item.parts),
    )
  }
  if (!isJsonObject(data)) return false
  return (
    Array.isArray(data.messages) ||
    isResponsesRequest(data) ||
    Array.isArray(data.output) ||
    (typeof data.model === 'string' && Array.isArray(data.choices)) ||
    (typeof data.role === 'string' &&
      Array.isArray(data.tool_calls) &&
      data.tool_calls.every(
        (call: Json) => isJsonObject(call) && typeof call.type === 'string' && isNamed(call.function),
      ))
  )
}

const isNamed = (called: Json | undefined): boolean => isJsonObject(called) && typeof called.name === 'string'

const requestKeys = ['tools', 'tool_choice', 'parallel_tool_calls', 'instructions']

export function isResponsesRequest(data: JsonObject): boolean {
  if ('messages' in data || 'output' in data) return false
  const { input } = data
  if (Array.isArray(input)) {
    return (
      input.length > 0 &&
      input.every(
        (item: Json) =>
          isJsonObject(item) && (typeof item.role === 'string' || typeof item.type === 'string'),
      )
    )
  }
  return typeof input === 'string' && input !== '' && requestKeys.some((key) => key in data)
}

/** @returns what is checked against the schemas */
export function preprocessed(data: Json): Json {
  if (Array.isArray(data)) return data.map(normalized)
  if (!isJsonObject(data)) return data
  const { messages, output, tools, choices } = data
  const list = messages ?? output
  if (Array.isArray(list) && Array.isArray(tools)) return withTools(list, tools)
  if (Array.isArray(output) && messages === undefined) return output.map(normalized)
  if (isResponsesRequest(data)) return responsesMessages(data)
  if (Array.isArray(choices)) {
    const [first] = choices as readonly Json[]
    return isJsonObject(first) && first.message !== undefined ? normalized(first.message) : data
  }
  if (Array.isArray(messages)) return { ...data, messages: messages.map(normalized) }
  return typeof data.role === 'string' ? normalized(data) : data
}

function responsesMessages({ input, instructions, tools }: JsonObject): Json {
  const items: readonly Json[] = Array.isArray(input) ? input : [{ role: 'user', content: input }]
  const isGiven = typeof instructions === 'string' && instructions !== ''
  const messages = isGiven ? [{ role: 'system', content: instructions }, ...items] : items
  return Array.isArray(tools) ? withTools(messages, tools) : messages.map(normalized)
}

const withTools = (messages: readonly Json[], tools: readonly Json[]): Json =>
  messages.map((message) => ({ ...normalized(message), tools: tools.map(flatDefinition) }))

function flatDefinition(tool: Json): JsonObject {
  if (!isJsonObject(tool)) return {}
  const declared = (tool.function ?? tool) as JsonObject
  const { name, description, parameters } = declared
  return { name, description: description ?? '', ...(parameters != null && { parameters }) }
}

function normalized(message: Json): JsonObject {
  if (!isJsonObject(message)) return {}
  const { type } = message
  if (type === 'reasoning') return reasoningMessage(message)
  if (type === 'function_call') {
    const { call_id, id, name, arguments: args } = message
    return {
      role: 'assistant',
      tool_calls: [{ id: call_id ?? id ?? '', name, arguments: args, type: 'function' }],
    }
  }
  if (type === 'function_call_output') {
    return { role: 'tool', tool_call_id: message.call_id, content: textOf(message.output ?? '') }
  }
  return flattened(withoutNulls(message))
}

function reasoningMessage({ summary }: JsonObject): JsonObject {
  const texts = (Array.isArray(summary) ? summary : []).map((part: Json) =>
    isJsonObject(part) ? part.text : part,
  )
  return { role: 'assistant', content: '', thinking: [{ type: 'thinking', content: texts.join('\n') }] }
}

function flattened(message: JsonObject): JsonObject {
  const { content, tool_calls: calls } = message
  const [first] = Array.isArray(content) ? (content as readonly Json[]) : []
  const isOutputText = isJsonObject(first) && first.type === 'output_text'
  const text = isOutputText ? first.text : content
  const flat = Array.isArray(calls) ? { tool_calls: calls.filter(isJsonObject).map(flatCall) } : {}
  // A result of a tool that is an object is spread into the message, for a table.
  if (message.role === 'tool' && isJsonObject(content)) {
    const { content: _, ...rest } = message
    const values = Object.values(content)
    const isRich = values.length > 2 || values.some((value) => typeof value === 'object' && value !== null)
    return isRich ? { ...rest, ...flat, ...content } : { ...rest, ...flat, content: JSON.stringify(content) }
  }
  return {
    ...message,
    ...(text !== undefined && { content: text }),
    ...flat,
  }
}

function flatCall(call: JsonObject): JsonObject {
  if (!isJsonObject(call.function)) return { ...call, arguments: textOf(call.arguments ?? {}) }
  const { name, arguments: args } = call.function
  return withoutUndefined({
    id: call.id,
    name,
    arguments: textOf(args ?? {}),
    type: call.type ?? 'function',
    index: call.index,
  })
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

const withoutNulls = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))

const withoutUndefined = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
