import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { ToolCall } from '../../../shared/record/output.ts'
import { type Allowance, byPiece, type Grow, GrowingText, nameOf } from '../capture/text.ts'
import { truncate } from '../capture/truncate.ts'
import { createJsonEnd, type JsonEnd } from './json-end.ts'
import { placeInList } from './place-in-list.ts'

/** A choice's tool calls while they grow, in the order in which they first appeared. */
export type ToolCalls = {
  /** @returns true when the pieces brought anything */
  add(pieces: readonly Json[], grow?: Grow): boolean
  /** The deprecated `function_call`: one call without id and index. */
  addFunctionCall(piece: JsonObject, grow?: Grow): boolean
  read(): readonly ToolCall[]
}

type Growing = {
  readonly index: number | undefined
  id: string
  name: string
  readonly arguments: GrowingText
  readonly end: JsonEnd
}

/** Further calls are left out; no model makes as many. */
const maxCalls = 1_024

export function createToolCalls(allowance: Allowance): ToolCalls {
  const calls: Growing[] = []

  function add(pieces: readonly Json[], grow?: Grow): boolean {
    let brought = false
    for (const piece of pieces) if (isJsonObject(piece)) brought = addPiece(piece, grow) || brought
    return brought
  }

  function addPiece(piece: JsonObject, grow = byPiece): boolean {
    // `custom` is the kind of tool that takes free text: {name, input}.
    const told = [piece.function, piece.custom].find(isJsonObject) ?? {}
    const index = placeInList(piece.index)
    const id = nameOf(piece.id) ?? ''
    const name = nameOf(told.name) ?? ''
    const call = continued(index, id, name) ?? begin(index)
    if (call === undefined) return false
    if (call.id === '') call.id = id
    // Some tell a name in pieces, and others repeat it with each.
    const mayGrow = call.name === '' || call.arguments.empty
    if (mayGrow && call.name !== name) call.name = nameOf(call.name + name) ?? ''
    const text = argumentsText(told.arguments ?? told.input)
    call.end.add(text)
    return grow(call.arguments, text, allowance) || name !== ''
  }

  /**
   * Finds the call that a piece goes on with. Ids and indexes are both unreliable: some providers number
   * from 1, leave the index out, give every parallel call index 0, or repeat id and name on each piece.
   */
  function continued(index: number | undefined, id: string, name: string): Growing | undefined {
    if (id !== '') {
      const same = calls.find((call) => call.id === id)
      if (same !== undefined && (index === undefined || same.index === index)) return same
    }
    const last = index === undefined ? calls.at(-1) : calls.findLast((call) => call.index === index)
    return last !== undefined && beginsAnother(last, id, name) ? undefined : last
  }

  function begin(index: number | undefined): Growing | undefined {
    if (calls.length === maxCalls) return undefined
    const call = { index, id: '', name: '', arguments: new GrowingText(), end: createJsonEnd() }
    calls.push(call)
    return call
  }

  return {
    add,
    addFunctionCall: (piece, grow) => addPiece({ function: piece }, grow),
    read: () => calls.map(finished),
  }
}

/** Only a piece with a name can begin a call: a new id alone is a provider that makes one per chunk. */
function beginsAnother(last: Growing, id: string, name: string): boolean {
  if (name === '' || last.name === '') return false
  if (id !== '' && last.id !== '') return id !== last.id
  // A call that has its id and no arguments yet may still be told the rest of its name.
  if (name !== last.name) return last.id === '' || !last.arguments.empty
  // Calls without ids come whole, so arguments that are closed already take nothing more.
  return id === '' && last.id === '' && last.end.reached
}

function finished(call: Growing): ToolCall {
  const told = { name: call.name, arguments: call.arguments.toString() }
  return call.id === '' ? told : { id: call.id, ...told }
}

/** Some servers send the arguments as an object instead of its text. */
function argumentsText(value: Json | undefined): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null
    ? ''
    : JSON.stringify(truncate(value, Number.POSITIVE_INFINITY))
}
