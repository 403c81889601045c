import type { Json, JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Choice } from '../../../shared/record/output.ts'

/** Fields whose texts name the shape and not the content. */
const shapeFields = new Set(['type', 'role', 'status'])

const maxDepth = 64

export const lengthOf = ({ length }: { readonly length: number }): string => `[${length} characters]`

/** JSON with a length in the place of each text, and of each list of numbers, as tokens are text too. */
export function lengthsOf(value: Json, field = '', depth = 0): Json {
  if (typeof value === 'string') return shapeFields.has(field) ? value : lengthOf(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === maxDepth) return '[nested too deeply]'
  if (!Array.isArray(value)) return lengthsOfFields(value as JsonObject, depth)
  if (value.length > 0 && value.every((entry) => typeof entry === 'number'))
    return `[${value.length} numbers]`
  return value.map((entry) => lengthsOf(entry, '', depth + 1))
}

function lengthsOfFields(object: JsonObject, depth: number): Json {
  const fields = Object.entries(object).filter(([, told]) => told !== undefined)
  return Object.fromEntries(fields.map(([name, told]) => [name, lengthsOf(told ?? null, name, depth + 1)]))
}

/** A choice with lengths in the place of its texts; log probabilities repeat the text, so they are left out. */
export function choiceLengths(choice: Choice): Choice {
  const { content, reasoning, refusal, toolCalls, audioTranscript, annotations, executedTools } = choice
  return omitUndefined({
    ...withoutContent(choice),
    content: content === undefined ? undefined : lengthsOf(content),
    reasoning: reasoning === undefined ? undefined : lengthOf(reasoning),
    refusal: refusal === undefined ? undefined : lengthOf(refusal),
    toolCalls: toolCalls?.map((call) => ({ ...call, arguments: lengthOf(call.arguments) })),
    audioTranscript: audioTranscript === undefined ? undefined : lengthOf(audioTranscript),
    annotations: annotations?.map((annotation) => lengthsOf(annotation)),
    executedTools: executedTools?.map((tool) => lengthsOf(tool)),
  })
}

/** What is known of a choice without looking at what the model wrote. */
export function withoutContent({ index, role, finishReason }: Choice): Choice {
  return omitUndefined({ index, role, finishReason })
}
