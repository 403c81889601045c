import { isJsonObject, type Json } from '../../shared/json.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'

/** Enough for a line of a table. */
const maxCharacters = 160

/** @returns the end of what the model wrote, of a record that keeps it whole */
export function lastWordsOf({ output, content }: InferenceRecord): string | undefined {
  if (output === undefined || content !== undefined) return undefined
  switch (output.kind) {
    case 'choices': {
      const choice = output.choices[0]
      return endOf(choice?.toolCalls?.at(-1)?.arguments ?? textIn(choice?.content) ?? choice?.reasoning)
    }
    case 'items':
      return endOf(textIn(output.items.at(-1)))
    case 'message':
      return endOf(textIn(output.content.at(-1)))
    case 'text':
      return endOf(output.text)
    default:
      return undefined
  }
}

/** A text, or the last one in a part or item of either API's shape. */
function textIn(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return textIn(value.at(-1))
  if (!isJsonObject(value)) return undefined
  return textIn(value.text ?? value.content ?? value.thinking ?? value.summary ?? value.arguments)
}

/** @returns undefined where there is nothing; not the first half of a surrogate pair */
function endOf(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text.slice(-maxCharacters).toWellFormed()
}
