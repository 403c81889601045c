import { leftOutMessage } from '../chat/left-out.ts'
import type { ChatMessage } from '../chat/message.ts'
import { countWithin, cutTexts } from './cut-json.ts'
import { readable } from './cut-text.ts'
import { lengthOf } from './fitted.ts'

export type FittedMessages = { readonly messages: readonly ChatMessage[]; readonly leftOut: number }

/** Of the message in the gap. */
const markerLength = 150

/**
 * Keeps instructions, the first message and the newest ones, and drops what is between: a reader wants to see what this
 * call was about. A call and the results of its tools stay together. A message that does not fit is cut inside.
 */
export function fitMessages(messages: readonly ChatMessage[], maxLength: number): FittedMessages {
  if (lengthOf(messages) <= maxLength) return { messages, leftOut: 0 }
  const headCount = headOf(messages)
  const groups = groupsOf(messages.slice(headCount))
  const head = cutTexts(messages.slice(0, headCount), groups.length === 0 ? maxLength : maxLength / 3)
  const left = maxLength - lengthOf(head) - markerLength
  const fitting = countWithin([...groups].reverse(), left)
  // Nothing is as telling as the newest message, so that there is always one.
  const newest = groups.slice(groups.length - Math.max(fitting, 1)).flat()
  const tail = fitting === 0 ? cutTexts(newest, Math.max(left, 0)) : newest
  const dropped = messages.slice(headCount, messages.length - newest.length)
  const gap = dropped.length === 0 ? [] : [leftOutMessage(noteOf(dropped))]
  return { messages: [...head, ...gap, ...tail], leftOut: dropped.length }
}

const noteOf = (dropped: readonly ChatMessage[]): string =>
  `[${readable(dropped.length)} messages, ${readable(lengthOf(dropped))} characters, left out]`

/** Instructions, and the message that began the conversation. */
function headOf(messages: readonly ChatMessage[]): number {
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer')
  if (first === -1) return messages.length - 1
  // The head of a single group would leave nothing to be the newest.
  const [begun] = groupsOf(messages.slice(first))
  return first + (begun?.length === 1 && first + 1 < messages.length ? 1 : 0)
}

/** A call of tools and their results are one group. */
function groupsOf(messages: readonly ChatMessage[]): readonly (readonly ChatMessage[])[] {
  const groups: ChatMessage[][] = []
  for (const message of messages) {
    const isResult = message.role === 'tool' || message.role === 'function'
    if (isResult && groups.length > 0) groups.at(-1)?.push(message)
    else groups.push([message])
  }
  return groups
}
