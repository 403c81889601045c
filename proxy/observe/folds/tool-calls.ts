import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { ToolCall } from '../../../shared/record/output.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { type AddText, addDelta, GrowingText } from '../capture/growing-text.ts'
import { boundedName } from '../capture/text.ts'
import { truncate } from '../capture/truncate.ts'
import { createJsonCompletion, type JsonCompletion } from './json-completion.ts'
import { validIndex } from './valid-index.ts'

/** The tool calls of a choice while their fragments come in, in order of first appearance. */
export type ToolCalls = {
  /** @returns true when a fragment carried a name or arguments */
  add(fragments: readonly Json[], addText?: AddText): boolean
  /** Adds a fragment of the deprecated `function_call`: one call without id and index. */
  addFunctionCall(fragment: JsonObject, addText?: AddText): boolean
  read(): readonly ToolCall[]
  /** The arguments of each, while they grow. */
  texts(): readonly GrowingText[]
}

type GrowingCall = {
  readonly index: number | undefined
  id: string
  name: string
  readonly arguments: GrowingText
  readonly completion: JsonCompletion
}

/** Further calls are dropped; no model makes as many. */
const maxCalls = 1_024

export function createToolCalls(allowance: ByteAllowance): ToolCalls {
  const calls: GrowingCall[] = []

  function add(fragments: readonly Json[], addText?: AddText): boolean {
    let generated = false
    for (const fragment of fragments)
      if (isJsonObject(fragment)) generated = addFragment(fragment, addText) || generated
    return generated
  }

  function addFragment(fragment: JsonObject, addText = addDelta): boolean {
    // `custom` tools take free text: {name, input}.
    const body = [fragment.function, fragment.custom].find(isJsonObject) ?? {}
    const index = validIndex(fragment.index)
    const id = boundedName(fragment.id) ?? ''
    const name = boundedName(body.name) ?? ''
    const call = continuedCall(index, id, name) ?? beginCall(index)
    if (call === undefined) return false
    if (call.id === '') call.id = id
    // Some providers send a name in fragments, others repeat it with each.
    const isNameOpen = call.name === '' || call.arguments.empty
    if (isNameOpen && call.name !== name) call.name = boundedName(call.name + name) ?? ''
    const text = argumentsText(body.arguments ?? body.input)
    call.completion.add(text)
    return addText(call.arguments, text, allowance) || name !== ''
  }

  /**
   * Finds the call that a fragment continues. Ids and indexes are both unreliable: some providers number
   * from 1, omit the index, give every parallel call index 0, or repeat id and name on each fragment.
   */
  function continuedCall(index: number | undefined, id: string, name: string): GrowingCall | undefined {
    if (id !== '') {
      const same = calls.find((call) => call.id === id)
      if (same !== undefined && (index === undefined || same.index === index)) return same
    }
    const last = index === undefined ? calls.at(-1) : calls.findLast((call) => call.index === index)
    return last !== undefined && beginsNextCall(last, id, name) ? undefined : last
  }

  function beginCall(index: number | undefined): GrowingCall | undefined {
    if (calls.length === maxCalls) return undefined
    const text = new GrowingText()
    const call = { index, id: '', name: '', arguments: text, completion: createJsonCompletion() }
    calls.push(call)
    return call
  }

  return {
    add,
    addFunctionCall: (fragment, addText) => addFragment({ function: fragment }, addText),
    read: () => calls.map(toolCallOf),
    texts: () => calls.map((call) => call.arguments),
  }
}

/** Only a fragment with a name can begin a call: a new id alone comes from a provider that makes one per chunk. */
function beginsNextCall(last: GrowingCall, id: string, name: string): boolean {
  if (name === '' || last.name === '') return false
  if (id !== '' && last.id !== '') return id !== last.id
  // A call that has its id and no arguments yet may still receive the rest of its name.
  if (name !== last.name) return last.id === '' || !last.arguments.empty
  // Calls without ids are sent whole, so complete arguments take no more.
  return id === '' && last.id === '' && last.completion.isComplete
}

const toolCallOf = ({ id, name, arguments: args }: GrowingCall): ToolCall =>
  omitUndefined({ id: id === '' ? undefined : id, name, arguments: args.toString() })

/** Some servers send the arguments as an object instead of its text. */
function argumentsText(value: Json | undefined): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null
    ? ''
    : JSON.stringify(truncate(value, Number.POSITIVE_INFINITY))
}
