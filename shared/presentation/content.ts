import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Choice, Output } from '../record/output.ts'

/** One thing that was said, and who said it. */
export type Said = { readonly who: string; readonly text: string }

/** A tool that the model could call. */
export type Tool = { readonly name: string; readonly description: string }

/** Where the messages are, by API. */
const messageKeys = ['messages', 'input', 'prompt', 'query'] as const
const instructionKeys = ['instructions', 'system'] as const

/** @returns the messages of an input, whichever API it is of; anything else as JSON */
export function saidIn(input: Json | undefined): readonly Said[] {
  if (input === undefined) return []
  if (!isJsonObject(input)) return listOrText(input, 'input')
  const instructions = instructionKeys.flatMap((key) =>
    input[key] === undefined ? [] : [{ who: key, text: textOf(input[key]) }],
  )
  const key = messageKeys.find((name) => input[name] !== undefined)
  if (key === undefined) return [{ who: 'input', text: pretty(input) }]
  return [...instructions, ...listOrText(input[key] as Json, key)]
}

function listOrText(value: Json, name: string): readonly Said[] {
  if (!Array.isArray(value)) return [{ who: name, text: textOf(value) }]
  return value.map((entry: Json) =>
    isJsonObject(entry) ? message(entry) : { who: name, text: textOf(entry) },
  )
}

/** A message with a role, or an item of the Responses API with a type. */
function message(entry: JsonObject): Said {
  const who = [entry.role ?? entry.type ?? 'item', entry.name, entry.tool_call_id ?? entry.call_id]
  const calls = Array.isArray(entry.tool_calls) ? entry.tool_calls.map(calledIn) : []
  const isCall = entry.content === undefined && typeof entry.name === 'string'
  const content = isCall ? calledIn(entry) : textOf(entry.content ?? entry.output ?? entry.text ?? null)
  const said = [content, ...calls].filter((text) => text !== '')
  return {
    who: who.filter((part) => typeof part === 'string').join(' '),
    text: said.length > 0 ? said.join('\n') : pretty(entry),
  }
}

/** @returns the tools that an input offers */
export function toolsIn(input: Json | undefined): readonly Tool[] {
  const tools = isJsonObject(input) && Array.isArray(input.tools) ? input.tools : []
  return tools.filter(isJsonObject).map((tool) => {
    const { name, type, description } = isJsonObject(tool.function) ? tool.function : tool
    const label = name ?? type
    return { name: typeof label === 'string' ? label : 'tool', description: textOf(description ?? null) }
  })
}

/** @returns what the model answered, choice by choice */
export function saidInOutput(output: Output | undefined): readonly Said[] {
  if (output === undefined) return []
  switch (output.kind) {
    case 'choices':
      return output.choices.flatMap(choiceSaid)
    case 'items':
      return listOrText([...output.items], 'output')
    case 'message':
      return [{ who: output.role ?? 'assistant', text: output.content.map(textOf).join('\n') }]
    case 'text':
      return [{ who: 'text', text: output.text }]
    case 'json':
      return [{ who: 'output', text: pretty(output.value) }]
    default:
      return [{ who: output.kind, text: pretty(output as unknown as Json) }]
  }
}

function choiceSaid(choice: Choice): readonly Said[] {
  const { role = 'assistant', content, reasoning, refusal, toolCalls = [], audioTranscript } = choice
  const called = toolCalls.map((call) => `${call.name}(${call.arguments})`)
  const texts = [textOf(content ?? null), refusal ?? '', audioTranscript ?? '', ...called]
  const text = texts.filter((part) => part !== '').join('\n')
  const reason = choice.finishReason === undefined ? '' : ` (${choice.finishReason})`
  return [
    ...(reasoning === undefined ? [] : [{ who: `${role}, thinking`, text: reasoning }]),
    { who: `${role}${reason}`, text },
  ]
}

/** `name(arguments)` of a call in any API's shape. */
function calledIn(call: Json): string {
  const inner = isJsonObject(call) && isJsonObject(call.function) ? call.function : call
  if (!isJsonObject(inner) || typeof inner.name !== 'string') return pretty(call)
  const given = inner.arguments ?? inner.input ?? ''
  return `${inner.name}(${typeof given === 'string' ? given : JSON.stringify(given)})`
}

/** The text of a content: a string, or parts, not all of which are text. */
function textOf(content: Json | undefined): string {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(textOf).filter(Boolean).join('\n')
  if (!isJsonObject(content)) return String(content)
  const text = content.text ?? content.refusal ?? content.thinking ?? content.transcript
  if (typeof text === 'string') return text
  return typeof content.name === 'string' ? calledIn(content) : JSON.stringify(content)
}

const pretty = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))
