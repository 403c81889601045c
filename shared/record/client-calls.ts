import { isJsonObject, type Json, type JsonObject, parseJson } from '../json.ts'

/**
 * Items of the Responses API that a client answers by id with an output of its own, where the provider has not brought one
 * itself (https://platform.openai.com/docs/api-reference/responses/object).
 */
const answeredTypes: ReadonlySet<string> = new Set([
  'function_call',
  'custom_tool_call',
  'computer_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
  'tool_search_call',
  'mcp_approval_request',
])

const typeOf = ({ type }: JsonObject): string => (typeof type === 'string' ? type : '')

/** True for an item that may wait for the client: of those that the provider can run too, `providersOutput` tells. */
export const isAnsweredByClients = (item: JsonObject): boolean => answeredTypes.has(typeOf(item))

/**
 * The output that stands in the same answer as the call that it answers: the provider has run the tool itself.
 * @param items of the answer
 */
export function providersOutput(items: readonly Json[], call: JsonObject): JsonObject | undefined {
  if (!isAnsweredByClients(call)) return undefined
  const type = typeOf(call)
  const outputTypes = [`${type}_output`, type.replace(/_call$/, '_output')]
  const later = items.slice(items.indexOf(call) + 1).filter(isJsonObject)
  return later.find((item) => outputTypes.includes(typeOf(item)) && item.call_id === call.call_id)
}

/** @returns the items of an answer that wait for the client */
export const clientCalls = (items: readonly Json[]): readonly JsonObject[] =>
  items
    .filter(isJsonObject)
    .filter((item) => isAnsweredByClients(item) && providersOutput(items, item) === undefined)

/** The name that the model called, else that of the kind: `shell` of a `shell_call`. */
export const calledName = (call: JsonObject): string =>
  typeof call.name === 'string' ? call.name : typeOf(call).replace(/_call$/, '')

/** As the item holds them: text of JSON, an object, or text of another kind. */
export const calledArguments = (call: JsonObject): Json | undefined =>
  call.arguments ?? call.input ?? call.action ?? call.operation

/** @returns what a model's text stands for, where it is JSON */
export const parsedArguments = (args: Json): Json =>
  typeof args === 'string' ? (parseJson(args) ?? args) : args
