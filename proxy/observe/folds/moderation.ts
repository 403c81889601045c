import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Judgement, Output } from '../../../shared/record/output.ts'
import { boundedName } from '../capture/text.ts'
import type { Fold } from './fold.ts'
import { singleDocumentFold } from './single-document.ts'

const maxJudgements = 32
const maxCategories = 32
const maxScores = 5

/** Moderations: whether anything was flagged; per input its categories and highest scores, flagged inputs first. */
export const moderationFold = (): Fold => singleDocumentFold(judgementsIn)

function judgementsIn(document: Json): Output | undefined {
  if (!isJsonObject(document) || !Array.isArray(document.results)) return undefined
  const all = document.results.filter(isJsonObject).map(judgementOf)
  return {
    kind: 'moderation',
    flagged: all.some(({ flagged }) => flagged),
    count: document.results.length,
    judgements: [...all].sort((a, b) => Number(b.flagged) - Number(a.flagged)).slice(0, maxJudgements),
  }
}

function judgementOf(result: JsonObject, index: number): Judgement {
  const categories = entriesOf(result.categories).flatMap(([name, applies]) =>
    applies === true ? (boundedName(name) ?? []) : [],
  )
  const scores = entriesOf(result.category_scores)
    .flatMap(([name, score]) =>
      typeof score === 'number' ? [[boundedName(name) ?? '', score] as const] : [],
    )
    .sort(([, a], [, b]) => b - a)
  return {
    index,
    // Mistral sends the categories alone.
    flagged: typeof result.flagged === 'boolean' ? result.flagged : categories.length > 0,
    categories: categories.slice(0, maxCategories),
    highestScores: Object.fromEntries(scores.slice(0, maxScores)),
  }
}

const entriesOf = (value: Json | undefined) => (isJsonObject(value) ? Object.entries(value) : [])
