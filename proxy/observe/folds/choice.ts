import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Choice } from '../../../shared/record/output.ts'
import { type Allowance, GrowingText } from '../capture/text.ts'
import { present } from '../present.ts'
import { createLogprobs } from './logprobs.ts'
import { reasoningOf } from './reasoning.ts'
import { createToolCalls } from './tool-calls.ts'

/** One choice of a chat or text answer while it grows. */
export type GrowingChoice = {
  /** Takes a `delta`, or the whole `message` of a plain answer. @returns true when the model made something */
  addMessage(message: JsonObject): boolean
  addText(text: string): boolean
  addLogprobs(logprobs: Json | undefined): void
  /** The last one that is not null counts: some providers repeat it on later chunks. */
  finish(reason: Json | undefined): void
  readonly finished: boolean
  read(): Choice
}

export function createChoice(index: number, allowance: Allowance): GrowingChoice {
  const text = new GrowingText()
  const reasoning = new GrowingText()
  const refusal = new GrowingText()
  const transcript = new GrowingText()
  const toolCalls = createToolCalls(allowance)
  const logprobs = createLogprobs(allowance)
  const otherParts: Json[] = []
  const annotations: Json[] = []
  const executedTools: Json[] = []
  let role: string | undefined
  let finishReason: string | undefined

  function addMessage(message: JsonObject): boolean {
    if (typeof message.role === 'string') role = message.role
    let made = addContent(message.content)
    made = reasoning.add(reasoningOf(message), allowance) || made
    if (typeof message.refusal === 'string') made = refusal.add(message.refusal, allowance) || made
    if (Array.isArray(message.tool_calls)) made = toolCalls.add(message.tool_calls) || made
    if (isJsonObject(message.function_call)) made = toolCalls.addFunctionCall(message.function_call) || made
    if (isJsonObject(message.audio)) made = addAudio(message.audio) || made
    // Generated pictures (OpenRouter).
    if (Array.isArray(message.images)) made = keepAll(message.images, otherParts) || made
    if (Array.isArray(message.executed_tools)) keepAll(message.executed_tools, executedTools)
    if (Array.isArray(message.annotations)) keepAll(message.annotations, annotations)
    return made
  }

  function addContent(content: Json | undefined): boolean {
    if (typeof content === 'string') return text.add(content, allowance)
    if (!Array.isArray(content)) return false
    let made = false
    for (const part of content) made = addPart(part) || made
    return made
  }

  /** Mistral answers in parts: `text`, and `thinking`, which is a list of texts again. */
  function addPart(part: Json): boolean {
    if (typeof part === 'string') return text.add(part, allowance)
    if (!isJsonObject(part)) return false
    if (part.type === 'thinking') return reasoning.add(reasoningOf({ reasoning: part.thinking }), allowance)
    return typeof part.text === 'string' ? text.add(part.text, allowance) : keepAll([part], otherParts)
  }

  function addAudio({ transcript: spoken, data }: JsonObject): boolean {
    const heard = typeof data === 'string' && data !== ''
    return (typeof spoken === 'string' && transcript.add(spoken, allowance)) || heard
  }

  function keepAll(values: readonly Json[], kept: Json[]): boolean {
    for (const value of values) {
      const size = JSON.stringify(value).length
      if (size > allowance.left) return true
      allowance.left -= size
      kept.push(value)
    }
    return values.length > 0
  }

  function content(): Json | undefined {
    const whole = text.empty ? undefined : text.toString()
    if (otherParts.length === 0) return whole
    return whole === undefined ? otherParts : [{ type: 'text', text: whole }, ...otherParts]
  }

  return {
    addMessage,
    addText: (piece) => text.add(piece, allowance),
    addLogprobs: logprobs.add,
    finish(reason) {
      if (typeof reason === 'string' && reason !== '') finishReason = reason
    },
    get finished() {
      return finishReason !== undefined
    },
    read: () =>
      present({
        index,
        role,
        content: content(),
        reasoning: textIfAny(reasoning),
        refusal: textIfAny(refusal),
        toolCalls: listIfAny(toolCalls.read()),
        audioTranscript: textIfAny(transcript),
        annotations: listIfAny(annotations),
        executedTools: listIfAny(executedTools),
        logprobs: logprobs.read(),
        finishReason,
      }),
  }
}

const textIfAny = (text: GrowingText): string | undefined => (text.empty ? undefined : text.toString())
const listIfAny = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list)
