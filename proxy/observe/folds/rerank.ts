import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Output, RankedDocument } from '../../../shared/record/output.ts'
import type { Fold } from './fold.ts'
import { wholeAnswerFold } from './whole-answer.ts'

const bestKept = 10

/** Rerank: how many documents were ranked, and the best of them by index and score. */
export const rerankFold = (): Fold => wholeAnswerFold(rankingIn)

/** `results` (Cohere, Jina, llama.cpp, vLLM) or `data` (Voyage). */
function rankingIn(data: JsonObject): Output | undefined {
  const list = Array.isArray(data.results) ? data.results : data.data
  if (!Array.isArray(list)) return undefined
  const ranked = list.map(rankedDocument).filter((document) => document !== undefined)
  const best = ranked.sort((a, b) => b.score - a.score).slice(0, bestKept)
  return { kind: 'ranking', count: list.length, best }
}

function rankedDocument(told: Json): RankedDocument | undefined {
  if (!isJsonObject(told)) return undefined
  const score = told.relevance_score ?? told.score
  return typeof told.index === 'number' && typeof score === 'number'
    ? { index: told.index, score }
    : undefined
}
