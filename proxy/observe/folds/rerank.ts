import { isJsonObject, type Json } from '../../../shared/json.ts'
import type { Output, RankedDocument } from '../../../shared/record/output.ts'
import type { Fold } from './fold.ts'
import { singleDocumentFold } from './single-document.ts'

const maxRanked = 10

/** Rerank: how many documents were ranked, and the best of them by index and score. */
export const rerankFold = (): Fold => singleDocumentFold(rankingIn)

function rankingIn(document: Json): Output | undefined {
  const list = listIn(document)
  if (!Array.isArray(list)) return undefined
  const ranked = list.flatMap((entry: Json) => rankedDocument(entry) ?? [])
  const best = ranked.sort((a, b) => b.score - a.score).slice(0, maxRanked)
  return { kind: 'ranking', count: list.length, best }
}

/** `results` (Cohere, Jina, llama.cpp, vLLM), `output.results` (DashScope), `data` (Voyage), or bare (TEI). */
function listIn(document: Json): Json | undefined {
  if (!isJsonObject(document)) return document
  const parent = isJsonObject(document.output) ? document.output : document
  return Array.isArray(parent.results) ? parent.results : document.data
}

function rankedDocument(entry: Json): RankedDocument | undefined {
  if (!isJsonObject(entry)) return undefined
  const score = entry.relevance_score ?? entry.score
  return typeof entry.index === 'number' && typeof score === 'number'
    ? { index: entry.index, score }
    : undefined
}
