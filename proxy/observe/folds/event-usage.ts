import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { isHalfUsage, mergeHalves, sumOfUsages } from './combine-usages.ts'

/** Finds the usage of a response in its events. */
export type EventUsage = {
  add(event: JsonObject): void
  read(): JsonObject | undefined
}

/**
 * The last usage with a count in it wins, as usage that comes more than once is cumulative; an empty one, or one
 * of zeros only, does not replace it. `usage` at the top level takes precedence over nested ones. One that holds
 * only input or only output is completed from the one before it, and those of several prompts are added up.
 */
export function createEventUsage(): EventUsage {
  let top: JsonObject | undefined
  let nested: JsonObject | undefined
  const ofPrompts = createPromptUsages()

  return {
    add(event) {
      if (isJsonObject(event.usage)) {
        top = preferCounted(top, event.usage)
        ofPrompts.add(event, event.usage)
      } else nested = preferCounted(nested, nestedUsage(event))
    },
    read: () => ofPrompts.sum() ?? (top === undefined ? nested : preferCounted(nested, top)),
  }
}

function preferCounted(known: JsonObject | undefined, next: JsonObject | undefined): JsonObject | undefined {
  if (next === undefined || (known !== undefined && !hasCounts(next))) return known
  return known !== undefined && isHalfUsage(next) ? mergeHalves(known, next) : next
}

const isCount = (value: Json | undefined): boolean => typeof value === 'number' && value > 0

const hasCounts = (usage: JsonObject): boolean =>
  Object.values(usage).some(
    (value) => isCount(value) || (isJsonObject(value) && Object.values(value).some(isCount)),
  )

/** Groq sends usage in `x_groq`, Moonshot in the choice, Cohere in `meta.tokens`. */
function nestedUsage(event: JsonObject): JsonObject | undefined {
  if (event.x_groq === undefined && event.choices === undefined && event.meta === undefined) return undefined
  const choice: Json | undefined = Array.isArray(event.choices) ? event.choices[0] : undefined
  for (const parent of [event.x_groq, choice]) {
    if (isJsonObject(parent) && isJsonObject(parent.usage)) return parent.usage
  }
  return isJsonObject(event.meta) && isJsonObject(event.meta.tokens) ? event.meta.tokens : undefined
}

/** The usages of the several prompts of one text completion. */
type PromptUsages = {
  add(event: JsonObject, usage: JsonObject): void
  /** @returns undefined unless each of several prompts has reported its own, and nothing else did */
  sum(): JsonObject | undefined
}

/** Further ones are not added: no server takes as many prompts at once. */
const maxPrompts = 128

/**
 * TGI answers several prompts in one stream and reports the usage of each with its finish reason, once, and never that
 * of all (`completions` in router/src/server.rs). Any other usage in the stream shows that they are cumulative.
 */
function createPromptUsages(): PromptUsages {
  let usages: Map<Json | undefined, JsonObject> | undefined
  let isCumulative = false

  return {
    add(event, usage) {
      if (isCumulative) return
      const finished = finishedText(event)
      isCumulative = finished === undefined || (usages?.has(finished.index) ?? false)
      if (finished === undefined || isCumulative || usages?.size === maxPrompts) return
      usages ??= new Map()
      usages.set(finished.index, usage)
    },
    sum: () =>
      isCumulative || usages === undefined || usages.size < 2 ? undefined : sumOfUsages([...usages.values()]),
  }
}

function finishedText({ choices }: JsonObject): JsonObject | undefined {
  const only: Json | undefined = Array.isArray(choices) && choices.length === 1 ? choices[0] : undefined
  const isFinished =
    isJsonObject(only) && typeof only.text === 'string' && typeof only.finish_reason === 'string'
  return isFinished ? only : undefined
}
