import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import type { RecordedCall, RecordedRun } from '../../shared/recordings/recorded-runs.ts'

// What is right, read from the recordings without any of the code that is measured.

/** A tool call whose result a request brings. */
export type RecordedTool = {
  readonly id: string
  readonly name?: string
  readonly args?: Json
  readonly result: Json
}

/**
 * True where a call goes on from an earlier one of its recording: it repeats what a model said, or names what it goes on
 * from. A request that only repeats an earlier one that goes on from nothing is a run of its own.
 */
export function isContinuation({ calls }: RecordedRun, at: number): boolean {
  const call = calls[at]
  if (at === 0 || call === undefined || !showsHistory(call)) return false
  const same = calls.slice(0, at).findIndex(({ request }) => contentOf(request) === contentOf(call.request))
  return same === -1 || isContinuation({ file: '', calls }, same)
}

const contentOf = ({ messages, input, previous_response_id: previous }: JsonObject): string =>
  JSON.stringify([messages, input, previous])

function showsHistory({ request }: RecordedCall): boolean {
  const { messages, input, previous_response_id: previous, conversation } = request
  if (typeof previous === 'string' || conversation !== undefined) return true
  return [...listOf(messages), ...listOf(input)].some(
    (entry) =>
      entry.role === 'assistant' ||
      entry.role === 'tool' ||
      (entry.type !== undefined && entry.type !== 'message'),
  )
}

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []

/** @returns the results at the end of a request, with the calls that they answer as far as the request has them */
export function recordedTools({ request }: RecordedCall): readonly RecordedTool[] {
  const entries = [...listOf(request.messages), ...listOf(request.input)].flatMap(parts)
  const last = entries.findLastIndex(({ kind }) => kind === 'model')
  const calls = entries.flatMap((entry) =>
    entry.kind === 'model' && entry.call !== undefined ? [entry.call] : [],
  )
  return entries.slice(last + 1).flatMap(({ result }) => {
    if (result === undefined) return []
    const call = calls.findLast(({ id }) => id === result.id)
    return [{ ...result, ...(call !== undefined && { name: call.name, args: call.args }) }]
  })
}

/** @returns the tool calls that an answer asks for, by their ids; those of streams are not read */
export function askedTools({ response }: RecordedCall): ReadonlyMap<string, { name: string; args: Json }> {
  const messages = listOf(response?.choices).flatMap(({ message }) =>
    isJsonObject(message) ? [message] : [],
  )
  const answer = { role: 'assistant', content: response?.content ?? null }
  const entries = [...messages, ...listOf(response?.output), answer].flatMap(parts)
  return new Map(entries.flatMap(({ call }) => (call === undefined ? [] : [[call.id, call] as const])))
}

type Entry = {
  readonly kind: 'client' | 'model'
  readonly call?: { readonly id: string; readonly name: string; readonly args: Json }
  readonly result?: { readonly id: string; readonly result: Json }
}

function parts(entry: JsonObject): readonly Entry[] {
  const { role, type, content } = entry
  if (role === 'tool') return [resultEntry(entry.tool_call_id, content)]
  if (typeof type === 'string' && type.endsWith('_output') && typeof entry.call_id === 'string')
    return [resultEntry(entry.call_id, entry.output ?? entry.tools)]
  if (typeof type === 'string' && type.endsWith('_call') && typeof entry.call_id === 'string')
    return [callEntry(entry.call_id, entry.name ?? type.replace('_call', ''), entry.arguments)]
  if (role === 'assistant') {
    const calls = listOf(entry.tool_calls).flatMap((call) =>
      isJsonObject(call.function) ? [callEntry(call.id, call.function.name, call.function.arguments)] : [],
    )
    const uses = listOf(content).filter((block) => block.type === 'tool_use')
    return [{ kind: 'model' }, ...calls, ...uses.map(({ id, name, input }) => callEntry(id, name, input))]
  }
  if (type !== undefined && type !== 'message') return [{ kind: 'model' }]
  const results = listOf(content).filter((block) => block.type === 'tool_result')
  return [{ kind: 'client' }, ...results.map((block) => resultEntry(block.tool_use_id, block.content))]
}

const resultEntry = (id: Json | undefined, result: Json | undefined): Entry => ({
  kind: 'client',
  result: { id: String(id), result: result ?? null },
})

const callEntry = (id: Json | undefined, name: Json | undefined, args: Json | undefined): Entry => ({
  kind: 'model',
  call: { id: String(id), name: String(name), args: args ?? '' },
})
