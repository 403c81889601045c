import { type Json, parseJson } from '../../../shared/json.ts'
import { steering } from '../request.ts'

/** True for what is told of a request beside its content: model, stream, and what steers the model. */
export const isSetting = (name: string): boolean =>
  name === 'model' || name === 'stream' || steering.has(name)

/** @returns the field's value as the JSON form of the API has it; the text where it is not what the API expects */
export function typedValue(name: string, text: string): Json {
  // Python's `str` writes `True`.
  const isValue = name === 'stream' || steering.get(name) === 'value'
  const value = isValue ? parseJson(text.toLowerCase()) : undefined
  return typeof value === 'number' || typeof value === 'boolean' ? value : text
}
