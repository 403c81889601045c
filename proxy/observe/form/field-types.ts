import { type Json, parseJson } from '../../../shared/json.ts'
import { modelParameters } from '../request.ts'

/** True for the fields that are recorded apart from content: model, stream and the model parameters. */
export const isParameter = (name: string): boolean =>
  name === 'model' || name === 'stream' || modelParameters.has(name)

/** @returns the value that the JSON form of the API has for the field; the text where it is not of that type */
export function typedValue(name: string, text: string): Json {
  const isValue = name === 'stream' || modelParameters.get(name) === 'value'
  // Python's `str` writes `True`.
  const value = isValue ? parseJson(text.toLowerCase()) : undefined
  return typeof value === 'number' || typeof value === 'boolean' ? value : text
}
