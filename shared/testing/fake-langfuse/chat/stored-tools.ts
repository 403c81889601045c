import { isJsonObject, type Json, type JsonObject, parseJson } from '../../../json.ts'

// What Langfuse stores of tools when it ingests an observation, for its filters and counts, apart from its page:
// packages/shared/src/server/ingestion/extractToolsBackend.ts in langfuse/langfuse, 4.16.0.

/** @returns the names of the tools that the input declares */
export function declaredTools(input: Json): readonly string[] {
  const tools = isJsonObject(input) && Array.isArray(input.tools) ? (input.tools as readonly Json[]) : []
  const names = tools.map((tool) =>
    isJsonObject(tool) ? ((tool.function ?? tool) as JsonObject).name : undefined,
  )
  return [...new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))]
}

/** @returns the names of the calls that are counted: those of the output, in a few shapes only */
export function countedCalls(output: Json): readonly string[] {
  const messages: readonly Json[] = Array.isArray(output) ? output : [output]
  return uniqueById(messages.filter(isJsonObject).flatMap(callsIn))
}

type Call = { readonly id: string; readonly name: string }

function callsIn(message: JsonObject): readonly Call[] {
  const isMessage = ['role', 'content', 'tool_calls'].some((key) => key in message)
  const isCall = !isMessage && typeof message.name === 'string' && 'arguments' in message
  if (isCall) return callOf(message)
  const calls = typeof message.tool_calls === 'string' ? parseJson(message.tool_calls) : message.tool_calls
  const choices = Array.isArray(message.choices) ? (message.choices as readonly Json[]) : []
  return [
    ...(Array.isArray(calls) ? calls : []).flatMap(callOf),
    ...choices.flatMap((choice) =>
      isJsonObject(choice) && isJsonObject(choice.message) ? callsIn(choice.message) : [],
    ),
  ]
}

function callOf(call: Json): readonly Call[] {
  if (!isJsonObject(call)) return []
  const called = isJsonObject(call.function) ? call.function : call
  const { name } = called
  return typeof name === 'string' && name !== '' ? [{ id: String(call.call_id ?? call.id ?? ''), name }] : []
}

/** The same id twice in an output counts once; calls without one all count. */
function uniqueById(calls: readonly Call[]): readonly string[] {
  const seen = new Set<string>()
  return calls.flatMap(({ id, name }) => {
    if (id !== '' && seen.has(id)) return []
    seen.add(id)
    return [name]
  })
}
