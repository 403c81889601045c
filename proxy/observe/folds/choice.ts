import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Choice } from '../../../shared/record/output.ts'
import { createKeptValues } from '../capture/kept-values.ts'
import { type Allowance, byPiece, byWhole, type Grow, GrowingText, nameOf } from '../capture/text.ts'
import { partsOf } from './content-parts.ts'
import { createLogprobs } from './logprobs.ts'
import { reasoningOf } from './reasoning.ts'
import { createToolCalls } from './tool-calls.ts'

/** One choice of a chat or text answer while it grows. */
export type GrowingChoice = {
  /** Takes a `delta`. @returns true when the model made something */
  addDelta(delta: JsonObject): boolean
  /** Takes a `message`, which is all of the answer so far: that of a plain answer, or one that repeats deltas. */
  addWhole(message: JsonObject): boolean
  addText(text: string): boolean
  addLogprobs(logprobs: Json | undefined): void
  /** The last one that is not null counts: some providers repeat it on later chunks. */
  finish(reason: Json | undefined): void
  readonly finished: boolean
  /** @param sources of the whole answer; they stand among the annotations of its first choice */
  read(sources?: readonly Json[]): Choice
}

export function createChoice(index: number, allowance: Allowance): GrowingChoice {
  const text = new GrowingText()
  const reasoning = new GrowingText()
  const refusal = new GrowingText()
  const transcript = new GrowingText()
  const toolCalls = createToolCalls(allowance)
  const logprobs = createLogprobs(allowance)
  const otherParts = createKeptValues(allowance)
  const annotations = createKeptValues(allowance)
  const executedTools = createKeptValues(allowance, placeOf)
  let role: string | undefined
  let finishReason: string | undefined

  function addMessage(message: JsonObject, grow: Grow): boolean {
    role = nameOf(message.role) ?? role
    const parts = partsOf(message.content)
    const brought = [
      grow(text, parts.text, allowance),
      grow(reasoning, parts.reasoning || reasoningOf(message), allowance),
      otherParts.add(parts.others),
      typeof message.refusal === 'string' && grow(refusal, message.refusal, allowance),
      Array.isArray(message.tool_calls) && toolCalls.add(message.tool_calls, grow),
      isJsonObject(message.function_call) && toolCalls.addFunctionCall(message.function_call, grow),
      isJsonObject(message.audio) && addAudio(message.audio, grow),
      // Generated pictures (OpenRouter).
      Array.isArray(message.images) && otherParts.add(message.images),
    ]
    if (Array.isArray(message.executed_tools)) executedTools.add(message.executed_tools)
    if (Array.isArray(message.annotations)) annotations.add(message.annotations)
    return brought.includes(true)
  }

  function addAudio({ transcript: spoken, data }: JsonObject, grow: Grow): boolean {
    const heard = typeof data === 'string' && data !== ''
    return (typeof spoken === 'string' && grow(transcript, spoken, allowance)) || heard
  }

  function content(): Json | undefined {
    const whole = text.empty ? undefined : text.toString()
    const others = otherParts.read()
    if (others === undefined) return whole
    return whole === undefined ? others : [{ type: 'text', text: whole }, ...others]
  }

  return {
    addDelta: (delta) => addMessage(delta, byPiece),
    addWhole: (message) => addMessage(message, byWhole),
    addText: (piece) => text.add(piece, allowance),
    addLogprobs: logprobs.add,
    finish(reason) {
      finishReason = nameOf(reason) ?? finishReason
    },
    get finished() {
      return finishReason !== undefined
    },
    read: (sources = []) =>
      omitUndefined({
        index,
        role,
        content: content(),
        reasoning: textIfAny(reasoning),
        refusal: textIfAny(refusal),
        toolCalls: listIfAny(toolCalls.read()),
        audioTranscript: textIfAny(transcript),
        annotations: listIfAny([...(annotations.read() ?? []), ...sources]),
        executedTools: executedTools.read(),
        logprobs: logprobs.read(),
        finishReason,
      }),
  }
}

/** A tool that ran is told at its beginning, and under the same index again with what it gave (Groq). */
const placeOf = (tool: Json): string =>
  isJsonObject(tool) && typeof tool.index === 'number' ? String(tool.index) : JSON.stringify(tool)

const textIfAny = (text: GrowingText): string | undefined => (text.empty ? undefined : text.toString())
const listIfAny = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list)
