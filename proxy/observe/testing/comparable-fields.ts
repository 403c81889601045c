import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Choice, Output, ToolCall } from '../../../shared/record/output.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'

/** A record in the words of the corpus's expected.json. */
export function comparableFields(record: InferenceRecord): Record<string, unknown> {
  const { usage, output, response } = record
  // What the worker estimated is not what the answer said.
  const known = usage.provenance === 'provider' ? usage : undefined
  return {
    model: response.model ?? null,
    id: response.id ?? null,
    usage: known
      ? { input: known.input ?? null, output: known.output ?? null, total: known.total ?? null }
      : null,
    cached: known?.cachedInput,
    reasoningTokens: known?.reasoning,
    // What the answer itself says; that a recording stops in the middle is told by its ending.
    error: record.ending === 'upstream_error' || record.ending === 'error_in_stream',
    embeddings: output?.kind === 'vectors' ? output.count : null,
    choices: output?.kind === 'choices' ? output.choices.map(readableChoice) : undefined,
    ...(output?.kind === 'items' ? readableItems(output.items) : readableChoice(firstChoice(output))),
  }
}

function firstChoice(output: Output | undefined): Choice {
  return (output?.kind === 'choices' ? output.choices[0] : undefined) ?? { index: 0 }
}

export function readableChoice(choice: Choice): Record<string, unknown> {
  return {
    index: choice.index,
    content: textOf(choice.content),
    reasoning: choice.reasoning ?? '',
    refusal: choice.refusal ?? '',
    tool_calls: (choice.toolCalls ?? []).map(readableCall),
    finish_reason: choice.finishReason ?? null,
  }
}

const readableCall = ({ id, name, arguments: args }: ToolCall) => ({ id: id ?? null, name, arguments: args })

function readableItems(items: readonly Json[]): Record<string, unknown> {
  const all = items.filter(isJsonObject)
  const texts = (type: string) => all.filter((item) => item.type === type).flatMap(partsOf)
  return {
    content: texts('message').map(textOf).join(''),
    reasoning: texts('reasoning').map(textOf).join(''),
    tool_calls: all.filter((item) => /^(function|custom_tool)_call$/.test(String(item.type))).map(itemCall),
  }
}

const partsOf = (item: JsonObject): readonly Json[] =>
  [item.summary, item.content].flatMap((parts) => (Array.isArray(parts) ? (parts as readonly Json[]) : []))

const itemCall = (item: JsonObject) => ({
  id: item.call_id,
  name: item.name,
  arguments: item.arguments ?? item.input,
})

function textOf(content: Json | undefined): string {
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(textOf).join('')
  return isJsonObject(content) && typeof content.text === 'string' ? content.text : ''
}
