import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import { isUsageFrame } from '../sse/is-usage-frame.ts'

/** The names of the fields that frames with a choice have, in each of them and in any of them. */
export type FrameShape = { readonly every: readonly string[]; readonly some: readonly string[] }

/** What the frames of one stream show, as far as it may depend on whether usage was asked for. */
export type StreamFrames = {
  /** True where a frame that reaches the client in any case has usage in it. */
  readonly showsUsage: boolean
  /** Undefined where the stream was too short to tell. */
  readonly shape: FrameShape | undefined
}

export type FrameWatcher = { see(event: Json): void; read(): StreamFrames }

/** Looked at in each stream: all further frames are as these are. */
const maxFrames = 8
/** With fewer, what all of them have may be what only a first or a last frame has. */
const minFrames = 3
/** More fields than any dialect's frames have. */
const maxNames = 64
const maxNameLength = 64

/**
 * Fields that come and go with the request, or from call to call, whoever asks for usage. The rest of a frame stays as it
 * is.
 */
const variable: ReadonlySet<string> = new Set([
  ...['usage', 'service_tier', 'system_fingerprint', 'obfuscation', 'provider', 'timings', 'time_info'],
  ...['error', 'citations', 'search_results', 'annotations', 'images', 'prompt_filter_results', 'x_groq'],
  ...['prompt_logprobs', 'prompt_token_ids', 'related_questions', 'web_search', 'moderation'],
  ...['choices.logprobs', 'choices.content_filter_results', 'choices.content_filter_offsets'],
  ...['choices.finish_reason', 'choices.native_finish_reason', 'choices.stop_reason', 'choices.matched_stop'],
  ...['choices.token_ids', 'choices.usage', 'choices.message', 'choices.error'],
])

/** Watches the parsed frames of one stream. */
export function createFrameWatcher(): FrameWatcher {
  let showsUsage = false
  let hasChoices = false
  let frames = 0
  let every: ReadonlySet<string> = new Set()
  const some = new Set<string>()

  function addShape(frame: JsonObject): void {
    const names = namesOf(frame)
    frames += 1
    every = frames === 1 ? new Set(names) : new Set(names.filter((name) => every.has(name)))
    for (const name of names) some.add(name)
  }

  return {
    see(event) {
      if (!isJsonObject(event)) return
      if (!showsUsage && hasUsage(event) && !isUsageFrame(event, hasChoices)) showsUsage = true
      hasChoices ||= 'choices' in event
      if (frames < maxFrames && firstChoice(event) !== undefined) addShape(event)
    },
    read: () => ({
      showsUsage,
      shape: frames < minFrames ? undefined : { every: [...every], some: [...some] },
    }),
  }
}

/** True where frames have a field, all of them, that they would not have had, or lack one that all of them would have. */
export function isAltered(asked: FrameShape, plain: FrameShape): boolean {
  return (
    asked.every.some((name) => !plain.some.includes(name)) ||
    plain.every.some((name) => !asked.some.includes(name))
  )
}

const hasUsage = (frame: JsonObject): boolean =>
  isJsonObject(frame.usage) || isJsonObject(firstChoice(frame)?.usage)

function firstChoice({ choices }: JsonObject): JsonObject | undefined {
  const first = Array.isArray(choices) ? choices[0] : undefined
  return isJsonObject(first) ? first : undefined
}

/** A field that is null says as little as one that is absent: OpenAI adds `"usage":null` when it is asked. */
function namesOf(frame: JsonObject): readonly string[] {
  const own = Object.keys(frame).filter((key) => frame[key] !== null)
  const choice = firstChoice(frame) ?? {}
  const inChoice = Object.keys(choice).filter((key) => choice[key] !== null)
  const kind = typeof frame.object === 'string' ? [`object=${frame.object}`] : []
  return [...own, ...inChoice.map((key) => `choices.${key}`), ...kind]
    .filter((name) => !variable.has(name) && name.length <= maxNameLength)
    .slice(0, maxNames)
}
