import type { Json } from '../../json.ts'
import type { Message, Part } from './message.ts'

/** A message as a terminal shows it. */
export type PlainMessage = { readonly speaker: string; readonly text: string }

/** @returns a message in plain text; the reasoning before it stands apart */
export function plainMessages({
  role,
  name,
  toolCallId,
  finishReason,
  parts,
}: Message): readonly PlainMessage[] {
  const reasoning = parts.filter(({ kind }) => kind === 'reasoning')
  const others = parts.filter(({ kind }) => kind !== 'reasoning')
  const speaker = [role, name, toolCallId ?? resultId(parts)].filter((part) => part !== undefined).join(' ')
  const reason = finishReason === undefined ? '' : ` (${finishReason})`
  return [
    ...(reasoning.length === 0 ? [] : [{ speaker: `${speaker}, thinking`, text: textOf(reasoning) }]),
    ...(reasoning.length > 0 && others.length === 0
      ? []
      : [{ speaker: `${speaker}${reason}`, text: textOf(others) }]),
  ]
}

/** Of an item that is nothing but the result of a call. */
function resultId([first, ...others]: readonly Part[]): string | undefined {
  return first?.kind === 'tool_result' && others.length === 0 ? first.id : undefined
}

const textOf = (parts: readonly Part[]): string => parts.map(partText).join('\n')

function partText(part: Part): string {
  switch (part.kind) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return part.text
    case 'tool_call':
      return `${part.name}(${part.arguments})`
    case 'tool_result':
      return textOf(part.parts)
    case 'other':
      return jsonText(part.value, part.type)
  }
}

/** Media within a message on one line, a whole body of JSON as JSON is read. */
const jsonText = (value: Json, type: string): string =>
  typeof value === 'string' ? value : JSON.stringify(value, null, wholeTypes.has(type) ? 2 : undefined)

const wholeTypes: ReadonlySet<string> = new Set([
  ...['input', 'json', 'message', 'vectors', 'moderation', 'ranking', 'images', 'media'],
])
