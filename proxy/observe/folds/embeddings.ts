import { isJsonObject, type Json } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { Fold } from './fold.ts'
import { singleDocumentFold } from './single-document.ts'

/** Embeddings: count and dimensions, never the vectors. */
export const embeddingsFold = (): Fold => singleDocumentFold(vectorsIn)

/** `data: [{embedding}]` (OpenAI), bare vectors in `embeddings` (Ollama), there by encoding (Cohere), or bare (TEI). */
function vectorsIn(document: Json): Output | undefined {
  const list = isJsonObject(document) ? (document.data ?? firstEncoding(document.embeddings)) : document
  if (!Array.isArray(list)) return undefined
  const first: Json | undefined = list[0]
  const vector = firstEncoding(isJsonObject(first) ? first.embedding : first)
  return omitUndefined({
    kind: 'vectors' as const,
    count: list.length,
    dimensions: dimensionsOf(vector),
    encoding: encodingOf(vector),
  })
}

/** @returns the first list of `{float: [...], int8: [...]}`; any other value as it is */
function firstEncoding(value: Json | undefined): Json | undefined {
  return isJsonObject(value) ? Object.values(value).find(Array.isArray) : value
}

/** A vector in base64 is an array of 32-bit floats. */
function dimensionsOf(vector: Json | undefined): number | undefined {
  if (Array.isArray(vector)) return vector.length
  return typeof vector === 'string' ? Math.floor(Buffer.byteLength(vector, 'base64') / 4) : undefined
}

function encodingOf(vector: Json | undefined): string | undefined {
  if (Array.isArray(vector)) return 'float'
  return typeof vector === 'string' ? 'base64' : undefined
}
