import type { Json } from '../../../shared/json.ts'
import type { Output, Picture } from '../../../shared/record/output.ts'
import type { Capture } from './capture.ts'
import { choiceLengths, lengthOf, lengthsOf, withoutContent } from './lengths.ts'
import { truncate } from './truncate.ts'

/** @returns what CAPTURE_CONTENT and CAPTURE_MAX_BYTES leave of an input */
export function captureInput(input: Json | undefined, { content, maxBytes }: Capture): Json | undefined {
  if (input === undefined || content === 'none') return undefined
  return content === 'lengths' ? lengthsOf(input) : truncate(input, maxBytes)
}

/** @returns what CAPTURE_CONTENT and CAPTURE_MAX_BYTES leave of an output */
export function captureOutput<T extends Output>(
  output: T | undefined,
  { content, maxBytes }: Capture,
): Output | undefined {
  if (output === undefined) return undefined
  const keep = keeping[output.kind] as Keeping<T>
  return keep[content](output, maxBytes)
}

/** What becomes of one kind of output under each setting of CAPTURE_CONTENT. */
type Keeping<T> = Readonly<Record<Capture['content'], (output: T, maxBytes: number) => Output | undefined>>

type OfKind<K extends Output['kind']> = Extract<Output, { readonly kind: K }>

const asItIs = (output: Output): Output => output
const nothing = (): undefined => undefined

/** Facts about an answer, none of them its content. */
const facts: Keeping<Output> = { full: asItIs, lengths: asItIs, none: asItIs }

const keeping: { readonly [K in Output['kind']]: Keeping<OfKind<K>> } = {
  choices: {
    // Their texts were held within the limit while they came.
    full: (output) => whole(output),
    lengths: (output) => ({ ...output, choices: output.choices.map(choiceLengths) }),
    none: (output) => ({ ...output, choices: output.choices.map(withoutContent) }),
  },
  items: {
    full: (output, maxBytes) => ({ ...output, items: truncate(output.items, maxBytes) as readonly Json[] }),
    lengths: (output) => ({ ...output, items: output.items.map((item) => lengthsOf(item)) }),
    none: (output) => ({ ...output, items: [] }),
  },
  json: {
    full: (output, maxBytes) => ({ ...output, value: truncate(output.value, maxBytes) }),
    lengths: (output) => ({ ...output, value: lengthsOf(output.value) }),
    none: nothing,
  },
  text: {
    // Its segments were held within the limit while they came.
    full: (output, maxBytes) => ({ ...whole(output), text: truncate(output.text, maxBytes) as string }),
    lengths: ({ segments: _, ...output }) => ({ ...output, text: lengthOf(output.text) }),
    none: nothing,
  },
  images: {
    full: (output, maxBytes) => truncate(output as unknown as Json, maxBytes) as unknown as Output,
    lengths: (output) => ({ ...output, pictures: output.pictures.map(withoutWords) }),
    none: (output) => ({ ...output, pictures: output.pictures.map(withoutWords) }),
  },
  moderation: facts,
  vectors: facts,
  ranking: facts,
  media: facts,
}

/** All of it, media described and halves of characters repaired. */
const whole = <T extends Output>(output: T): T =>
  truncate(output as unknown as Json, Number.POSITIVE_INFINITY) as unknown as T

/** An address shows the picture to whoever has it. */
const withoutWords = ({ url: _, revisedPrompt: __, ...picture }: Picture): Picture => picture
