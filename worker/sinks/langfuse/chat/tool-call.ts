import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { keptName } from './parsed-text.ts'

/** A call in the function form: Langfuse neither shows nor counts any other one (measured). */
export type ToolCall = {
  readonly id: string
  readonly type: 'function'
  readonly function: { readonly name: string; readonly arguments: string }
}

/** Makes ids for calls without one, and repeated ids unique: Langfuse counts calls by their id. */
export type CallIds = (id?: Json) => string

/** The same ids for the same content, since a repeated delivery must be the same bytes. */
export function createCallIds(): CallIds {
  const used = new Set<string>()
  return (id) => {
    const wanted = typeof id === 'string' && id !== '' ? keptName(id) : 'call'
    let unique = wanted
    for (let n = 1; used.has(unique) || unique === 'call'; n++) unique = `${wanted}_${n}`
    used.add(unique)
    return unique
  }
}

/** @param args text as the model wrote it, or what becomes its JSON */
export function toolCall(id: string, name: Json | undefined, args: Json | undefined): ToolCall {
  return {
    id,
    type: 'function',
    function: {
      name: typeof name === 'string' && name !== '' ? keptName(name) : 'unnamed',
      arguments: typeof args === 'string' ? args : args === undefined ? '' : JSON.stringify(args),
    },
  }
}

/** @param call `{id, function}`, `{id, custom}`, the deprecated `{name, arguments}`, or a call of another tool's shape */
export function callOf(call: Json, ids: CallIds): ToolCall | undefined {
  if (!isJsonObject(call)) return undefined
  const { id, function: called, custom } = call
  if (isJsonObject(called)) return toolCall(ids(id), called.name, called.arguments)
  if (isJsonObject(custom)) return toolCall(ids(id), custom.name, inputAsArguments(custom.input))
  return toolCall(ids(id), call.name, call.arguments ?? call.args ?? call.input)
}

/** Custom tools take free text, and arguments are JSON. */
export const inputAsArguments = (input: Json | undefined): JsonObject => ({ input: input ?? '' })
