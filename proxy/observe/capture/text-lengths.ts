import type { Json, JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Choice } from '../../../shared/record/output.ts'

/** Fields whose texts describe the structure, not the content. */
const structureFields = new Set(['type', 'role', 'status'])

const maxDepth = 64

/** Replaces a text where CAPTURE_CONTENT is `lengths`. */
export const lengthMark = ({ length }: { readonly length: number }): string => `[${length} characters]`

/** @returns JSON with each text replaced by its length, and so each list of numbers, as tokens are text too */
export function withTextLengths(value: Json, field = '', depth = 0): Json {
  if (typeof value === 'string') return structureFields.has(field) ? value : lengthMark(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === maxDepth) return '[nested too deeply]'
  if (!Array.isArray(value)) return fieldsWithTextLengths(value as JsonObject, depth)
  if (value.length > 0 && value.every((entry) => typeof entry === 'number'))
    return `[${value.length} numbers]`
  return value.map((entry) => withTextLengths(entry, '', depth + 1))
}

function fieldsWithTextLengths(object: JsonObject, depth: number): Json {
  const fields: [string, Json][] = []
  for (const [name, value] of Object.entries(object))
    if (value !== undefined) fields.push([name, withTextLengths(value, name, depth + 1)])
  return Object.fromEntries(fields)
}

/** @returns the choice with its texts replaced by lengths; log probabilities repeat the text and are dropped */
export function choiceWithLengths(choice: Choice): Choice {
  const { content, reasoning, refusal, toolCalls, audioTranscript, annotations, executedTools } = choice
  return omitUndefined({
    ...choiceWithoutContent(choice),
    content: content === undefined ? undefined : withTextLengths(content),
    reasoning: lengthIfAny(reasoning),
    refusal: lengthIfAny(refusal),
    toolCalls: toolCalls?.map((call) => ({ ...call, arguments: lengthMark(call.arguments) })),
    audioTranscript: lengthIfAny(audioTranscript),
    annotations: annotations?.map((annotation) => withTextLengths(annotation)),
    executedTools: executedTools?.map((tool) => withTextLengths(tool)),
  })
}

const lengthIfAny = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : lengthMark(text)

/** @returns the fields of a choice that hold nothing the model wrote */
export function choiceWithoutContent({ index, role, finishReason }: Choice): Choice {
  return omitUndefined({ index, role, finishReason })
}
