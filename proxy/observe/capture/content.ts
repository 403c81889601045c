import type { Json } from '../../../shared/json.ts'
import type { Choice, Output, Picture } from '../../../shared/record/output.ts'
import type { Capture } from '../call.ts'
import { choiceLengths, lengthOf, lengthsOf, withoutContent } from './lengths.ts'
import { within } from './within.ts'

/** @returns what CAPTURE_CONTENT and CAPTURE_MAX_BYTES leave of an input */
export function keepInput(input: Json | undefined, { content, maxBytes }: Capture): Json | undefined {
  if (input === undefined || content === 'none') return undefined
  return content === 'lengths' ? lengthsOf(input) : within(input, maxBytes)
}

/** @returns what CAPTURE_CONTENT and CAPTURE_MAX_BYTES leave of an output */
export function keepOutput(output: Output | undefined, { content, maxBytes }: Capture): Output | undefined {
  if (output === undefined) return undefined
  switch (content) {
    case 'full':
      return fullOutput(output, maxBytes)
    case 'lengths':
      return outputLengths(output)
    case 'none':
      return outputWithoutContent(output)
  }
}

function fullOutput(output: Output, maxBytes: number): Output {
  switch (output.kind) {
    case 'choices':
      // Their texts were held within the limit while they came.
      return {
        ...output,
        choices: within(output.choices as Json, Number.POSITIVE_INFINITY) as unknown as Choice[],
      }
    case 'items':
      return { ...output, items: within(output.items, maxBytes) as readonly Json[] }
    case 'json':
      return { ...output, value: within(output.value, maxBytes) }
    case 'text':
      // Their texts were held within the limit while they came.
      return {
        ...(within(output as unknown as Json, Number.POSITIVE_INFINITY) as unknown as TextOutput),
        text: within(output.text, maxBytes) as string,
      }
    case 'images':
      return within(output as unknown as Json, Number.POSITIVE_INFINITY) as unknown as Output
    case 'vectors':
    case 'ranking':
    case 'media':
      return output
  }
}

function outputLengths(output: Output): Output {
  switch (output.kind) {
    case 'choices':
      return { ...output, choices: output.choices.map(choiceLengths) }
    case 'items':
      return { ...output, items: output.items.map((item) => lengthsOf(item)) }
    case 'json':
      return { ...output, value: lengthsOf(output.value) }
    case 'text':
      return { ...withoutSegments(output), text: lengthOf(output.text) }
    case 'images':
      return { ...output, pictures: output.pictures.map(withoutWords) }
    case 'vectors':
    case 'ranking':
    case 'media':
      return output
  }
}

function outputWithoutContent(output: Output): Output | undefined {
  switch (output.kind) {
    case 'choices':
      return { ...output, choices: output.choices.map(withoutContent) }
    case 'items':
    case 'json':
    case 'text':
      return undefined
    case 'images':
      return { ...output, pictures: output.pictures.map(withoutWords) }
    case 'vectors':
    case 'ranking':
    case 'media':
      return output
  }
}

type TextOutput = Output & { readonly kind: 'text' }

const withoutSegments = ({ segments: _, ...output }: TextOutput): TextOutput => output

/** An address shows the picture to whoever has it. */
const withoutWords = ({ url: _, revisedPrompt: __, ...picture }: Picture): Picture => picture
