import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Output } from '../../../shared/record/output.ts'
import { sizeOf } from '../capture/size.ts'
import type { Allowance } from '../capture/text.ts'
import { createFacts } from './facts.ts'
import type { Fold } from './fold.ts'

/** Any other JSON as it is: one document, or the list of a stream's events as far as the allowance goes. */
export function documentFold(allowance: Allowance): Fold {
  const facts = createFacts()
  const documents: Json[] = []

  function output(): Output | undefined {
    const [only] = documents
    if (only === undefined) return undefined
    return { kind: 'json', value: documents.length === 1 ? only : documents }
  }

  return {
    event(data) {
      if (isJsonObject(data)) facts.see(isThing(data) ? { ...data, error: null } : data)
      if (documents.length > 0 && allowance.left === 0) return true
      // The first is kept whatever its size: a plain body was already held within the limit.
      const size = sizeOf(data)
      if (documents.length === 0 || size <= allowance.left) documents.push(data)
      allowance.left = Math.max(allowance.left - size, 0)
      return true
    },
    answer() {
      const told = output()
      return { ...facts.read(), ...(told && { output: told }), ended: true }
    },
  }
}

/** A job or a file that has failed is no failure of the call that asks for it. */
const isThing = ({ id, object }: JsonObject): boolean =>
  typeof id === 'string' && typeof object === 'string' && object !== 'error'
