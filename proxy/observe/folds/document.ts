import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { jsonSize } from '../capture/json-size.ts'
import { createCommonFields } from './common-fields.ts'
import type { Fold } from './fold.ts'

/** Any other JSON, verbatim: one document, or the list of a stream's events within the allowance. */
export function documentFold(allowance: ByteAllowance): Fold {
  const common = createCommonFields('document')
  const documents: Json[] = []

  function output(): Output | undefined {
    const [first] = documents
    if (first === undefined) return undefined
    return { kind: 'json', value: documents.length === 1 ? first : documents }
  }

  return {
    add(document) {
      if (isJsonObject(document)) {
        common.add(withoutOwnError(document))
        // The events of a stored response that is streamed again.
        if (isJsonObject(document.response)) common.add(withoutOwnError(document.response))
      }
      if (documents.length > 0 && allowance.left === 0) return true
      // The first is kept whatever its size: the reader has already held a whole body within its limit.
      const size = jsonSize(document)
      if (documents.length === 0 || size <= allowance.left) documents.push(document)
      allowance.left = Math.max(allowance.left - size, 0)
      return true
    },
    result: () => ({ ...common.read(), ...omitUndefined({ output: output() }), ended: true }),
  }
}

const withoutOwnError = (document: JsonObject): JsonObject =>
  isResource(document) ? { ...document, error: null } : document

/** A job or file whose `error` is its own: the call that retrieves it has succeeded. */
const isResource = ({ id, object }: JsonObject): boolean =>
  typeof id === 'string' && typeof object === 'string' && object !== 'error'
