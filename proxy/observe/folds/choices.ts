import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Allowance } from '../capture/text.ts'
import { createChoice, type GrowingChoice } from './choice.ts'
import { createFacts } from './facts.ts'
import type { Answer, Fold } from './fold.ts'
import { placeInList } from './place-in-list.ts'
import { createSources } from './sources.ts'

/** The largest `n` that OpenAI takes; further choices are left out. */
const maxChoices = 128

/**
 * Chat and text completions: `choices[]` by index, n > 1 interleaved in any order. What a choice brings
 * stands in `delta` (chat streams), `message` (plain chat) or `text` (text completions).
 */
export function choicesFold(allowance: Allowance): Fold {
  const facts = createFacts()
  const sources = createSources(allowance)
  const choices = new Map<number, GrowingChoice>()

  function event(data: Json): boolean {
    if (!isJsonObject(data)) return false
    facts.see(data)
    sources.see(data)
    if (!Array.isArray(data.choices)) return false
    let made = false
    data.choices.forEach((told, position) => {
      const choice = isJsonObject(told) ? choiceOf(told, position) : undefined
      if (choice !== undefined) made = addTo(choice, told) || made
    })
    return made
  }

  function choiceOf(told: JsonObject, position: number): GrowingChoice | undefined {
    const index = placeInList(told.index) ?? position
    const known = choices.get(index)
    if (known !== undefined || choices.size === maxChoices) return known
    const choice = createChoice(index, allowance)
    choices.set(index, choice)
    return choice
  }

  function answer(): Answer {
    const told = [...choices].sort(([a], [b]) => a - b).map(([, choice]) => choice)
    const read = told.map((choice, place) => choice.read(place === 0 ? sources.read() : undefined))
    return {
      ...facts.read(),
      ...(read.length > 0 && { output: { kind: 'choices', choices: read } }),
      ended: told.length > 0 && told.every((choice) => choice.finished),
    }
  }

  return { event, answer }
}

/** Where a chunk has both, `message` is all that came so far and `delta` what is new; `text` repeats `delta`. */
function addTo(choice: GrowingChoice, told: JsonObject): boolean {
  choice.finish(told.finish_reason)
  choice.addLogprobs(told.logprobs)
  if (isJsonObject(told.delta)) return choice.addDelta(told.delta)
  if (isJsonObject(told.message)) return choice.addWhole(told.message)
  return typeof told.text === 'string' && choice.addText(told.text)
}
