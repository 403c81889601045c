import { isJsonObject, type Json } from '../../../shared/json.ts'
import type { Output } from '../../../shared/record/output.ts'
import { createCommonFields } from './common-fields.ts'
import type { Fold } from './fold.ts'

/**
 * A fold for responses that are one JSON document and never streamed.
 * @param readOutput gives the output of such a document, undefined where it has another shape
 */
export function singleDocumentFold(readOutput: (document: Json) => Output | undefined): Fold {
  const common = createCommonFields()
  let output: Output | undefined

  return {
    add(document) {
      if (isJsonObject(document)) common.add(document)
      output = readOutput(document)
      return output !== undefined
    },
    result: () => ({ ...common.read(), ...(output ? { output } : { unrecognized: true }), ended: true }),
  }
}
