import type { Json } from '../../../shared/json.ts'
import type { Output, Picture } from '../../../shared/record/output.ts'
import type { Capture } from './capture.ts'
import type { TakeMedium } from './media-capture.ts'
import { choiceWithLengths, choiceWithoutContent, lengthMark, withTextLengths } from './text-lengths.ts'
import { truncate, unlessTruncated } from './truncate.ts'
import { withoutMiddle } from './without-middle.ts'

/** Fewer bytes have no room for a beginning and an end. */
const minConversationBytes = 1_024

/** Applies CAPTURE_CONTENT and CAPTURE_MAX_BYTES to an input, whose newest messages stay. @returns undefined where nothing may be kept */
export function captureInput(
  input: Json | undefined,
  { content, maxBytes, media }: Capture,
): Json | undefined {
  if (input === undefined || content === 'none') return undefined
  if (content === 'lengths') return withTextLengths(input)
  const take = media?.input.take
  const whole = unlessTruncated(input, maxBytes, take)
  if (whole !== undefined) return whole
  const chosen = maxBytes < minConversationBytes ? input : withoutMiddle(input, maxBytes)
  return truncate(chosen, maxBytes, take)
}

/** Applies CAPTURE_CONTENT and CAPTURE_MAX_BYTES to an output. @returns undefined where nothing may be kept */
export function captureOutput<T extends Output>(
  output: T | undefined,
  { content, maxBytes, media }: Capture,
): Output | undefined {
  if (output === undefined) return undefined
  const policy = policies[output.kind] as CapturePolicy<T>
  return policy[content](output, maxBytes, media?.output.take)
}

/** What is kept of one kind of output under each value of CAPTURE_CONTENT. */
type CapturePolicy<T> = Readonly<
  Record<
    Capture['content'],
    (output: T, maxBytes: number, take: TakeMedium | undefined) => Output | undefined
  >
>

type OutputOfKind<K extends Output['kind']> = Extract<Output, { readonly kind: K }>

const unchanged = (output: Output): Output => output
const omitted = (): undefined => undefined

/** For outputs that hold counts and measures but nothing the model wrote. */
const keepAlways: CapturePolicy<Output> = { full: unchanged, lengths: unchanged, none: unchanged }

const policies: { readonly [K in Output['kind']]: CapturePolicy<OutputOfKind<K>> } = {
  choices: {
    // The fold has already held their texts within the limit.
    full: (output, _, take) => sanitised(output, take),
    lengths: (output) => ({ ...output, choices: output.choices.map(choiceWithLengths) }),
    none: (output) => ({ ...output, choices: output.choices.map(choiceWithoutContent) }),
  },
  items: {
    full: (output, maxBytes, take) => ({
      ...output,
      items: truncate(output.items, maxBytes, take) as readonly Json[],
    }),
    lengths: (output) => ({ ...output, items: output.items.map((item) => withTextLengths(item)) }),
    none: (output) => ({ ...output, items: [] }),
  },
  message: {
    full: (output, maxBytes, take) => ({
      ...sanitised({ ...output, content: [] }, take),
      content: truncate(output.content, maxBytes, take) as readonly Json[],
    }),
    lengths: ({ stopSequence: _, stopDetails: __, ...output }) => ({
      ...output,
      content: output.content.map((block) => withTextLengths(block)),
    }),
    none: ({ stopSequence: _, stopDetails: __, ...output }) => ({ ...output, content: [] }),
  },
  json: {
    full: (output, maxBytes, take) => ({ ...output, value: truncate(output.value, maxBytes, take) }),
    lengths: (output) => ({ ...output, value: withTextLengths(output.value) }),
    none: omitted,
  },
  text: {
    // The fold has already held its segments within the limit.
    full: (output, maxBytes, take) => ({
      ...sanitised(output, take),
      text: truncate(output.text, maxBytes, take) as string,
    }),
    lengths: ({ segments: _, ...output }) => ({ ...output, text: lengthMark(output.text) }),
    none: omitted,
  },
  images: {
    full: (output, maxBytes, take) =>
      truncate(output as unknown as Json, maxBytes, take) as unknown as Output,
    lengths: (output) => ({ ...output, pictures: output.pictures.map(withoutUrlAndPrompt) }),
    none: (output) => ({ ...output, pictures: output.pictures.map(withoutUrlAndPrompt) }),
  },
  moderation: keepAlways,
  vectors: keepAlways,
  ranking: keepAlways,
  media: keepAlways,
}

/** @returns all of it, with media described, credentials removed and lone surrogates replaced */
const sanitised = <T extends Output>(output: T, take: TakeMedium | undefined): T =>
  truncate(output as unknown as Json, Number.POSITIVE_INFINITY, take) as unknown as T

/** A URL gives the picture to whoever has it. */
const withoutUrlAndPrompt = ({ url: _, revisedPrompt: __, ...picture }: Picture): Picture => picture
