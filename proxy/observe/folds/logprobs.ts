import { isJsonObject, type Json } from '../../../shared/json.ts'
import { sizeOf } from '../capture/size.ts'
import type { Allowance } from '../capture/text.ts'

export type Logprobs = {
  add(logprobs: Json | undefined): void
  read(): Json | undefined
}

/** Joins log probabilities: an object of lists (`content`, `refusal`, `tokens`, ...), each growing by its pieces. */
export function createLogprobs(allowance: Allowance): Logprobs {
  const lists = new Map<string, Json[]>()

  function add(logprobs: Json | undefined): void {
    if (!isJsonObject(logprobs)) return
    for (const [name, entries] of Object.entries(logprobs)) {
      if (!Array.isArray(entries)) continue
      const size = sizeOf(entries)
      if (size > allowance.left) continue
      allowance.left -= size
      const list = lists.get(name) ?? []
      for (const entry of entries) list.push(entry)
      lists.set(name, list)
    }
  }

  return { add, read: () => (lists.size === 0 ? undefined : Object.fromEntries(lists)) }
}
