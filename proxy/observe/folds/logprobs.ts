import { isJsonObject, type Json } from '../../../shared/json.ts'
import { type ByteAllowance, trySpend } from '../capture/byte-allowance.ts'
import { jsonSize } from '../capture/json-size.ts'

/** Log probabilities of a choice. */
export type Logprobs = {
  add(logprobs: Json | undefined): void
  read(): Json | undefined
}

/** Concatenates them by field: an object of lists (`content`, `refusal`, `tokens`, ...). */
export function createLogprobs(allowance: ByteAllowance): Logprobs {
  let lists: Map<string, Json[]> | undefined

  function add(logprobs: Json | undefined): void {
    if (!isJsonObject(logprobs)) return
    for (const [field, entries] of Object.entries(logprobs)) {
      if (!Array.isArray(entries) || !trySpend(allowance, jsonSize(entries))) continue
      lists ??= new Map()
      const list = lists.get(field) ?? []
      for (const entry of entries) list.push(entry)
      lists.set(field, list)
    }
  }

  return { add, read: () => lists && Object.fromEntries(lists) }
}
