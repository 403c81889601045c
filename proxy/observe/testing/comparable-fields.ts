import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Choice, Output, ToolCall } from '../../../shared/record/output.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'

/** @returns the fields of a record under the names of the corpus's expected.json */
export function comparableFields(record: InferenceRecord): Record<string, unknown> {
  const { usage, output, response } = record
  // The corpus expects what the response reports, not an estimate.
  const reported = usage.provenance === 'provider' ? usage : undefined
  return {
    model: response.model ?? null,
    id: response.id ?? null,
    usage: reported
      ? { input: reported.input ?? null, output: reported.output ?? null, total: reported.total ?? null }
      : null,
    cached: reported?.cachedInput,
    reasoningTokens: reported?.reasoning,
    // Errors that the response reports; that a recording stops in the middle is an ending of its own.
    error: record.ending === 'upstream_error' || record.ending === 'error_in_stream',
    embeddings: output?.kind === 'vectors' ? output.count : null,
    choices: output?.kind === 'choices' ? output.choices.map(comparableChoice) : undefined,
    ...(output?.kind === 'items' ? comparableItems(output.items) : comparableChoice(firstChoice(output))),
  }
}

function firstChoice(output: Output | undefined): Choice {
  return (output?.kind === 'choices' ? output.choices[0] : undefined) ?? { index: 0 }
}

function comparableChoice(choice: Choice): Record<string, unknown> {
  return {
    index: choice.index,
    content: textOf(choice.content),
    reasoning: choice.reasoning ?? '',
    refusal: choice.refusal ?? '',
    tool_calls: (choice.toolCalls ?? []).map(comparableCall),
    finish_reason: choice.finishReason ?? null,
  }
}

const comparableCall = ({ id, name, arguments: args }: ToolCall) => ({
  id: id ?? null,
  name,
  arguments: args,
})

function comparableItems(items: readonly Json[]): Record<string, unknown> {
  const objects = items.filter(isJsonObject)
  const texts = (type: string) => objects.filter((item) => item.type === type).flatMap(partsOf)
  return {
    content: texts('message').map(textOf).join(''),
    reasoning: texts('reasoning').map(textOf).join(''),
    tool_calls: objects
      .filter((item) => /^(function|custom_tool)_call$/.test(String(item.type)))
      .map(itemCall),
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
