import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { mediaNote } from '../../../shared/record/media.ts'
import type { Choice } from '../../../shared/record/output.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { type AddText, addSnapshot, GrowingText } from '../capture/growing-text.ts'
import { boundedName } from '../capture/text.ts'
import { truncate } from '../capture/truncate.ts'
import { createUniqueValues } from '../capture/unique-values.ts'
import type { AnswerMedia } from './answer-media.ts'
import { partsOf } from './content-parts.ts'
import { createGrowingAudio, type GrowingAudio } from './growing-audio.ts'
import { GrowingReasoning } from './growing-reasoning.ts'
import { reasoningFields } from './reasoning.ts'
import { createToolCalls } from './tool-calls.ts'

/** The message of one choice, while its deltas or snapshots come in. */
export type GrowingMessage = {
  /** @returns true when it carried something the model generated */
  add(message: JsonObject, addText: AddText): boolean
  addText(delta: string): boolean
  /** Takes from a snapshot what nothing else has carried. */
  fill(snapshot: JsonObject): void
  /** What grows with deltas, in the order in which models write it. */
  texts(): readonly GrowingText[]
  /** @param citations of the whole response; they are appended to the annotations */
  read(citations: readonly Json[]): Omit<Choice, 'index' | 'finishReason' | 'logprobs'>
}

/** Fields of a message that hold tool calls; the second is the older. */
const toolCallFields = ['tool_calls', 'function_call'] as const

/** @param media where the bytes of media go that are kept */
export function createMessage(allowance: ByteAllowance, media?: AnswerMedia): GrowingMessage {
  const text = new GrowingText()
  const reasoning = new GrowingReasoning()
  const refusal = new GrowingText()
  const transcript = new GrowingText()
  const audio = media && createGrowingAudio(media)
  // A picture would take all of the allowance as long as it is base64.
  const described = (parts: readonly Json[]) =>
    truncate(parts, Number.POSITIVE_INFINITY, media?.take) as readonly Json[]
  const toolCalls = createToolCalls(allowance)
  const otherParts = createUniqueValues(allowance)
  const annotations = createUniqueValues(allowance)
  const executedTools = createUniqueValues(allowance, executedToolKey)
  let role: string | undefined

  function add(message: JsonObject, addText: AddText): boolean {
    role = boundedName(message.role) ?? role
    const parts = partsOf(message.content)
    // Added one by one, whatever was added before: a list of them would be made for every event.
    const hasText = addText(text, parts.text, allowance)
    const hasReasoning = reasoning.add(message, parts.reasoning, addText, allowance)
    const hasOthers = otherParts.add(described(parts.others))
    const hasRefusal = typeof message.refusal === 'string' && addText(refusal, message.refusal, allowance)
    const hasCalls = Array.isArray(message.tool_calls) && toolCalls.add(message.tool_calls, addText)
    const hasCall =
      isJsonObject(message.function_call) && toolCalls.addFunctionCall(message.function_call, addText)
    const hasAudio =
      isJsonObject(message.audio) && addAudio(transcript, audio, message.audio, addText, allowance)
    // Generated pictures (OpenRouter).
    const hasImages = Array.isArray(message.images) && otherParts.add(described(message.images))
    if (Array.isArray(message.executed_tools)) executedTools.add(message.executed_tools)
    if (Array.isArray(message.annotations)) annotations.add(message.annotations)
    return hasText || hasReasoning || hasOthers || hasRefusal || hasCalls || hasCall || hasAudio || hasImages
  }

  function fill(snapshot: JsonObject): void {
    const missing: Record<string, Json | undefined> = { ...snapshot }
    if (!text.empty) delete missing.content
    if (!reasoning.empty) for (const field of reasoningFields) delete missing[field]
    if (!refusal.empty) delete missing.refusal
    if (!transcript.empty) delete missing.audio
    if (toolCalls.read().length > 0) for (const field of toolCallFields) delete missing[field]
    add(missing, addSnapshot)
  }

  return {
    add,
    fill,
    addText: (delta) => text.addDelta(delta, allowance),
    texts: () => [reasoning.text, text, refusal, transcript, ...toolCalls.texts()],
    read: (citations) =>
      omitUndefined({
        role,
        content: contentOf(text, otherParts.read()),
        reasoning: textIfAny(reasoning),
        refusal: textIfAny(refusal),
        toolCalls: listIfAny(toolCalls.read()),
        audioTranscript: textIfAny(transcript),
        audio: audioNote(audio),
        annotations: listIfAny([...(annotations.read() ?? []), ...citations]),
        executedTools: executedTools.read(),
      }),
  }
}

function addAudio(
  transcript: GrowingText,
  audio: GrowingAudio | undefined,
  { transcript: spoken, data }: JsonObject,
  addText: AddText,
  allowance: ByteAllowance,
): boolean {
  const hasAudio = typeof data === 'string' && data !== ''
  if (hasAudio && addText === addSnapshot) audio?.addWhole(data)
  else if (hasAudio) audio?.addDelta(data)
  return (typeof spoken === 'string' && addText(transcript, spoken, allowance)) || hasAudio
}

function audioNote(audio: GrowingAudio | undefined): string | undefined {
  const described = audio?.read()
  return described && mediaNote(described.mediaType, described.bytes, described.sha256)
}

function contentOf(text: GrowingText, otherParts: readonly Json[] | undefined): Json | undefined {
  const content = textIfAny(text)
  if (otherParts === undefined) return content
  return content === undefined ? otherParts : [{ type: 'text', text: content }, ...otherParts]
}

/** Groq sends a tool that it ran when it starts, and with its output again under the same index. */
const executedToolKey = (tool: Json): string =>
  isJsonObject(tool) && typeof tool.index === 'number' ? String(tool.index) : JSON.stringify(tool)

const textIfAny = (text: GrowingText | GrowingReasoning): string | undefined =>
  text.empty ? undefined : text.toString()
const listIfAny = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list)
