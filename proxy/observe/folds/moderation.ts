import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Judgement, Output } from '../../../shared/record/output.ts'
import { nameOf } from '../capture/text.ts'
import type { Fold } from './fold.ts'
import { wholeAnswerFold } from './whole-answer.ts'

const maxJudgements = 32
const maxCategories = 32
const highestKept = 5

/** Moderations: whether anything was flagged, and of each input for what, with its highest scores. */
export const moderationFold = (): Fold => wholeAnswerFold(judgementsIn)

function judgementsIn(data: Json): Output | undefined {
  if (!isJsonObject(data) || !Array.isArray(data.results)) return undefined
  const all = data.results.filter(isJsonObject).map(judgementOf)
  return {
    kind: 'moderation',
    flagged: all.some(({ flagged }) => flagged),
    count: data.results.length,
    judgements: [...all].sort((a, b) => Number(b.flagged) - Number(a.flagged)).slice(0, maxJudgements),
  }
}

function judgementOf(result: JsonObject, index: number): Judgement {
  const entries = (told: Json | undefined) => (isJsonObject(told) ? Object.entries(told) : [])
  const categories = entries(result.categories).flatMap(([name, holds]) =>
    holds === true ? (nameOf(name) ?? []) : [],
  )
  const scores = entries(result.category_scores)
    .flatMap(([name, score]) => (typeof score === 'number' ? [[nameOf(name) ?? '', score] as const] : []))
    .sort(([, a], [, b]) => b - a)
  return {
    index,
    // Mistral does not say it beside the categories.
    flagged: typeof result.flagged === 'boolean' ? result.flagged : categories.length > 0,
    categories: categories.slice(0, maxCategories),
    highestScores: Object.fromEntries(scores.slice(0, highestKept)),
  }
}
