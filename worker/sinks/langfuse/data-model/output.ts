import { isJsonObject, type Json } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import type { Output } from '../../../../shared/record/output.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { choicesOutput, itemsOutput, messageOutput } from '../chat/chat-output.ts'
import { withheldNote } from '../chat/refusal.ts'

/** @returns a message or a list of them where the model chatted, a short summary elsewhere; the error of a call without output */
export function outputOf(record: InferenceRecord): Json | undefined {
  const { output } = record
  const isWithout = output === undefined || (record.error !== undefined && isEmpty(output))
  return (isWithout ? undefined : readable(output)) ?? errorOf(record)
}

/** A stream that failed before its first content leaves an empty answer behind. */
function isEmpty(output: Output): boolean {
  switch (output.kind) {
    case 'choices':
      return output.choices.every(
        ({ content, reasoning, refusal, toolCalls, audioTranscript }) =>
          !content && !reasoning && !refusal && !toolCalls && !audioTranscript,
      )
    case 'message':
      return output.content.length === 0
    case 'text':
      return output.text === ''
    default:
      return false
  }
}

function readable(output: Output): Json | undefined {
  switch (output.kind) {
    case 'choices':
      return choicesOutput(output.choices)
    case 'items':
      return itemsOutput(output.items) ?? withheldMessage(output.finishReason)
    case 'message':
      return messageOutput({
        role: output.role ?? 'assistant',
        content: output.content,
        refusal: !output.content.every(isThinking)
          ? undefined
          : withheldNote(output.finishReason, output.stopDetails),
      })
    case 'text':
      return output.segments === undefined ? output.text : { text: output.text, segments: output.segments }
    case 'json':
      return output.value
    case 'ranking':
      return { count: output.count, best: output.best }
    case 'moderation':
    case 'vectors':
    case 'images':
    case 'media': {
      const { kind, ...summary } = output
      return summary
    }
  }
}

/** A block of a message that is more than reasoning. */
const isThinking = (block: Json): boolean => isJsonObject(block) && /thinking$/.test(String(block.type))

function withheldMessage(finishReason: string | undefined): Json | undefined {
  const content = withheldNote(finishReason)
  return content === undefined ? undefined : { role: 'assistant', content }
}

/** Langfuse's page shows it in the place of the answer; without output it has only a badge. */
function errorOf({ error, response }: InferenceRecord): Json | undefined {
  if (error === undefined) return undefined
  return { error: omitUndefined({ message: error.message, type: error.type, code: response.status }) }
}
