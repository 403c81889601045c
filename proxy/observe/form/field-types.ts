import { type Json, parseJson } from '../../../shared/json.ts'
import { isSteering } from '../request.ts'

/** Fields that the JSON form of the API has as numbers, true or false; a form has them as text. */
const typed: ReadonlySet<string> = new Set([
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'n',
  'best_of',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'frequency_penalty',
  'presence_penalty',
  'repetition_penalty',
  'seed',
  'logprobs',
  'top_logprobs',
  'echo',
  'store',
  'parallel_tool_calls',
  'dimensions',
  'top_n',
  'speed',
  'output_compression',
  'partial_images',
])

/** True for what is told of a request beside its content: model, stream, and what steers the model. */
export const isSetting = (name: string): boolean => name === 'model' || name === 'stream' || isSteering(name)

/** @returns the field's value as the JSON form of the API has it; the text where it is not what the API expects */
export function typedValue(name: string, text: string): Json {
  // Python's `str` writes `True`.
  const value = typed.has(name) ? parseJson(text.toLowerCase()) : undefined
  return typeof value === 'number' || typeof value === 'boolean' ? value : text
}
