import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { lengthOf } from './fitted.ts'

/** @returns definitions without descriptions, then without parameters, until they fit; names always stay */
export function fitTools(tools: readonly Json[], maxLength: number): readonly Json[] {
  const undescribed = tools.map((tool) => without(tool, ['description']))
  const bare = undescribed.map((tool) => without(tool, ['parameters', 'format', 'strict', 'custom']))
  return [tools, undescribed].find((list) => lengthOf(list) <= maxLength) ?? bare
}

function without(tool: Json, keys: readonly string[]): Json {
  if (!isJsonObject(tool)) return tool
  const { function: declared } = tool
  if (isJsonObject(declared)) return { ...tool, function: omit(declared, keys) }
  return omit(tool, keys)
}

const omit = (object: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))
