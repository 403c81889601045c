import { isJsonObject, type Json } from '../../../shared/json.ts'
import type { Output } from '../../../shared/record/output.ts'
import { createFacts } from './facts.ts'
import type { Fold } from './fold.ts'

/**
 * A fold for answers that are one JSON document and never streamed.
 * @param read what such a document gives, or undefined where it is none of the kind
 */
export function wholeAnswerFold(read: (data: Json) => Output | undefined): Fold {
  const facts = createFacts()
  let output: Output | undefined

  return {
    event(data) {
      if (isJsonObject(data)) facts.see(data)
      output = read(data)
      return output !== undefined
    },
    answer: () => ({ ...facts.read(), ...(output && { output }), ended: true }),
  }
}
