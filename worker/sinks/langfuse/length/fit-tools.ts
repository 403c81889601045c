import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { lengthOf } from './fitted.ts'

/** @returns definitions whole, without descriptions, and without parameters either; names always stay */
export function toolLists(tools: readonly Json[]): readonly [whole: Tools, undescribed: Tools, bare: Tools] {
  const undescribed = tools.map((tool) => without(tool, ['description']))
  const bare = undescribed.map((tool) => without(tool, ['parameters', 'format', 'strict', 'custom']))
  return [tools, undescribed, bare]
}

type Tools = readonly Json[]

/** @returns characters of the definitions as Langfuse's page adds them to each message */
export function addedLength(tools: Tools): number {
  const added = tools.map((tool) => {
    const { name = '', description = '', parameters } = declarationIn(tool)
    return { name, description, ...(parameters !== undefined && { parameters }) }
  })
  return tools.length === 0 ? 0 : lengthOf({ tools: added })
}

const declarationIn = (tool: Json): JsonObject =>
  !isJsonObject(tool) ? {} : isJsonObject(tool.function) ? tool.function : tool

function without(tool: Json, keys: readonly string[]): Json {
  if (!isJsonObject(tool)) return tool
  const { function: declared } = tool
  if (isJsonObject(declared)) return { ...tool, function: omit(declared, keys) }
  return omit(tool, keys)
}

const omit = (object: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))
