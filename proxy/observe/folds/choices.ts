import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import type { AnswerMedia } from './answer-media.ts'
import { createChoice, type GrowingChoice } from './choice.ts'
import { createCitations } from './citations.ts'
import { createCommonFields } from './common-fields.ts'
import type { Fold, FoldedResponse } from './fold.ts'
import { progressOf } from './progress.ts'
import { validIndex } from './valid-index.ts'

/** The largest `n` that OpenAI accepts; further choices are dropped. */
const maxChoices = 128

/**
 * Chat and text completions: `choices[]` by index, n > 1 interleaved in any order. What a choice carries is in
 * `delta` (chat streams), `message` (chat that is not streamed) or `text` (text completions).
 */
export function choicesFold(allowance: ByteAllowance, media?: AnswerMedia): Fold {
  const common = createCommonFields('generation')
  const citations = createCitations(allowance)
  const choices = new Map<number, GrowingChoice>()
  let isRecognized = false

  function add(event: Json): boolean {
    if (!isJsonObject(event)) return false
    common.add(event)
    citations.add(event)
    if (!Array.isArray(event.choices)) return false
    isRecognized = true
    let generated = false
    event.choices.forEach((fragment, position) => {
      const choice = isJsonObject(fragment) ? choiceFor(fragment, position) : undefined
      if (choice !== undefined) generated = addTo(choice, fragment) || generated
    })
    return generated
  }

  function choiceFor(fragment: JsonObject, position: number): GrowingChoice | undefined {
    const index = validIndex(fragment.index) ?? position
    const known = choices.get(index)
    if (known !== undefined || choices.size === maxChoices) return known
    const choice = createChoice(index, allowance, media)
    choices.set(index, choice)
    return choice
  }

  function result(): FoldedResponse {
    const ordered = [...choices].sort(([a], [b]) => a - b).map(([, choice]) => choice)
    const read = ordered.map((choice, at) => choice.read(at === 0 ? citations.read() : undefined))
    return {
      ...common.read(),
      ...(read.length > 0 && { output: { kind: 'choices', choices: read } }),
      ...(!isRecognized && { unrecognized: true }),
      ended: ordered.length > 0 && ordered.every((choice) => choice.isFinished()),
    }
  }

  return {
    add,
    result,
    progress: () =>
      progressOf(
        [...choices.values()].flatMap((choice) => choice.texts()),
        common.read().usage,
      ),
  }
}

/**
 * Where a chunk has both, `message` is a snapshot and `delta` what is new; `text` repeats `delta`. Perplexity sends an
 * empty `delta` beside the `message` of a response that is not streamed.
 */
function addTo(choice: GrowingChoice, fragment: JsonObject): boolean {
  choice.finish(fragment.finish_reason)
  choice.addLogprobs(fragment.logprobs)
  const { delta, message, text } = fragment
  let generated = false
  if (isJsonObject(delta)) {
    generated = choice.addDelta(delta)
    if (isJsonObject(message)) choice.keepSnapshot(message)
  } else if (isJsonObject(message)) generated = choice.addSnapshot(message)
  return generated || (typeof text === 'string' && choice.addText(text))
}
