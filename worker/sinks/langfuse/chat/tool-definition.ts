import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import { keptName, keptText } from './parsed-text.ts'

/**
 * Names every tool: one without a string name and Langfuse renders the whole input as raw JSON (measured).
 * @param tools in the shape of Chat Completions, Responses or Messages
 */
export function toolDefinitions(tools: Json | undefined): readonly JsonObject[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined
  return (tools as readonly Json[]).map(toolDefinition)
}

function toolDefinition(tool: Json): JsonObject {
  // What capture puts in the place of further tools.
  if (!isJsonObject(tool)) return { type: 'function', name: 'left out', description: keptText(textOf(tool)) }
  const { function: declared, custom } = tool
  if (isJsonObject(declared)) return { type: 'function', function: described(declared, tool) }
  if (isJsonObject(custom)) return { type: 'custom', ...described(custom, tool) }
  return described(tool, tool)
}

/** Langfuse's schema takes a text and an object; anything else would hide the chat. */
function described(definition: JsonObject, tool: JsonObject): JsonObject {
  // A `function` that is none would be taken for the definition.
  const { description, parameters, input_schema: schema, function: _, ...fields } = definition
  const accepted = [parameters, schema].find(isJsonObject)
  return omitUndefined({
    ...withoutNulls(fields),
    name: keptName(nameOf(definition, tool)),
    description: typeof description === 'string' ? keptText(description) : undefined,
    parameters: accepted,
  })
}

function nameOf({ name }: JsonObject, tool: JsonObject): string {
  if (typeof name === 'string' && name !== '') return name
  const { type, server_label: server } = tool
  if (typeof server === 'string') return `mcp.${server}`
  if (typeof type === 'string' && type !== 'function' && type !== '') return builtInName(type)
  // Gemini's: {"google_search": {}}.
  return Object.keys(tool).find((key) => !['type', 'name', ''].includes(key)) ?? 'unnamed'
}

/** As its calls are named: `web_search_preview_2025_03_11` is called in items `web_search_call`. */
const builtInName = (type: string): string => type.replace(/(_preview)?(_\d{4,8}(_\d\d){0,2})?$/, '') || type

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  )
}
