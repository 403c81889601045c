import { isJsonObject, type Json } from '../../../shared/json.ts'
import type { Output, RankedDocument } from '../../../shared/record/output.ts'
import type { Fold } from './fold.ts'
import { wholeAnswerFold } from './whole-answer.ts'

const bestKept = 10

/** Rerank: how many documents were ranked, and the best of them by index and score. */
export const rerankFold = (): Fold => wholeAnswerFold(rankingIn)

function rankingIn(data: Json): Output | undefined {
  const list = listIn(data)
  if (!Array.isArray(list)) return undefined
  const ranked = list.flatMap((told: Json) => rankedDocument(told) ?? [])
  const best = ranked.sort((a, b) => b.score - a.score).slice(0, bestKept)
  return { kind: 'ranking', count: list.length, best }
}

/** `results` (Cohere, Jina, llama.cpp, vLLM), `output.results` (DashScope), `data` (Voyage), or bare (TEI). */
function listIn(data: Json): Json | undefined {
  if (!isJsonObject(data)) return data
  const holder = isJsonObject(data.output) ? data.output : data
  return Array.isArray(holder.results) ? holder.results : data.data
}

function rankedDocument(told: Json): RankedDocument | undefined {
  if (!isJsonObject(told)) return undefined
  const score = told.relevance_score ?? told.score
  return typeof told.index === 'number' && typeof score === 'number'
    ? { index: told.index, score }
    : undefined
}
