import { isJsonObject, type Json } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { Fold } from './fold.ts'
import { wholeAnswerFold } from './whole-answer.ts'

/** Embeddings: how many there are and how long, never the vectors. */
export const embeddingsFold = (): Fold => wholeAnswerFold(vectorsIn)

/** `data: [{embedding}]` (OpenAI), bare vectors in `embeddings` (Ollama), there by their encoding (Cohere), or bare (TEI). */
function vectorsIn(data: Json): Output | undefined {
  const list = isJsonObject(data) ? (data.data ?? byEncoding(data.embeddings)) : data
  if (!Array.isArray(list)) return undefined
  const first: Json | undefined = list[0]
  const vector = byEncoding(isJsonObject(first) ? first.embedding : first)
  return omitUndefined({
    kind: 'vectors' as const,
    count: list.length,
    dimensions: dimensionsOf(vector),
    encoding: encodingOf(vector),
  })
}

/** The first of `{float: [...], int8: [...]}`, or what is told without a name. */
function byEncoding(told: Json | undefined): Json | undefined {
  return isJsonObject(told) ? Object.values(told).find(Array.isArray) : told
}

/** In base64 a vector is a row of 32-bit floats. */
function dimensionsOf(vector: Json | undefined): number | undefined {
  if (Array.isArray(vector)) return vector.length
  return typeof vector === 'string' ? Math.floor(Buffer.byteLength(vector, 'base64') / 4) : undefined
}

function encodingOf(vector: Json | undefined): string | undefined {
  if (Array.isArray(vector)) return 'float'
  return typeof vector === 'string' ? 'base64' : undefined
}
