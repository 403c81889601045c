import type { ChatMessage } from '../chat/chat-message.ts'
import { leftOutAtCapture, leftOutMessage } from '../chat/left-out.ts'
import { countWithin, cutTexts } from './cut-json.ts'
import { readable } from './cut-text.ts'
import { lengthOf } from './fitted.ts'

export type FittedMessages = { readonly messages: readonly ChatMessage[]; readonly leftOut: number }

/** Of the message in the gap. */
const markerLength = 150

/**
 * Keeps instructions, the first message and the newest ones, and drops what is between: a reader wants to see what this
 * call was about. A call and the results of its tools stay together. A message that does not fit is cut inside.
 * @param perMessage characters that each message takes beside its own
 */
export function fitMessages(
  messages: readonly ChatMessage[],
  maxLength: number,
  perMessage = 0,
): FittedMessages {
  if (weightOf(messages, perMessage) <= maxLength) return { messages, leftOut: 0 }
  const [head, rest] = splitHead(messages, maxLength, perMessage)
  const left = maxLength - weightOf(head, perMessage) - markerLength - perMessage
  const groups = groupsOf(rest)
  const fitting = countWithin([...groups].reverse(), left, ({ length }) => length * perMessage)
  const tail =
    fitting > 0
      ? groups.slice(groups.length - fitting).flat()
      : cutGroup(groups.at(-1) ?? [], left, perMessage)
  const count = messages.length - head.length - tail.length
  // What is dropped stands together: before the tail, whose own gap can only be behind its call.
  const kept = new Set(tail)
  const dropped = rest.filter((message) => !kept.has(message)).slice(0, count)
  const leftOut = dropped.reduce((sum, message) => sum + (leftOutAtCapture(message) || 1), 0)
  const gap = leftOut === 0 ? [] : [leftOutMessage(noteOf(leftOut, dropped))]
  return { messages: [...head, ...gap, ...tail], leftOut }
}

const weightOf = (messages: readonly ChatMessage[], perMessage: number): number =>
  lengthOf(messages) + messages.length * perMessage

/** @returns what begins the conversation, in a third of the characters at most, and the messages after it */
function splitHead(
  messages: readonly ChatMessage[],
  maxLength: number,
  perMessage: number,
): readonly [head: readonly ChatMessage[], rest: readonly ChatMessage[]] {
  const whole = messages.slice(0, headOf(messages))
  const isAll = whole.length === messages.length
  const cut = cutTexts(whole, (isAll ? maxLength : maxLength / 3) - whole.length * perMessage)
  const head = cut.slice(
    0,
    Math.max(
      countWithin(cut, maxLength / 3, () => perMessage),
      1,
    ),
  )
  return isAll ? [[], messages] : [head, messages.slice(head.length)]
}

/** Nothing is as telling as the newest message: a group that does not fit is cut in its texts, then within its results. */
function cutGroup(
  group: readonly ChatMessage[],
  maxLength: number,
  perMessage: number,
): readonly ChatMessage[] {
  const cut = cutTexts(group, Math.max(maxLength - group.length * perMessage, 0))
  if (weightOf(cut, perMessage) <= maxLength) return cut
  const [call, ...results] = cut
  if (call === undefined) return cut
  const left = maxLength - weightOf([call], perMessage)
  const fitting = countWithin([...results].reverse(), left, () => perMessage)
  return [call, ...results.slice(results.length - fitting)]
}

const noteOf = (count: number, dropped: readonly ChatMessage[]): string =>
  `[${readable(count)} messages, ${readable(lengthOf(dropped))} characters, left out]`

/** @returns how many messages are instructions, and the one that began the conversation */
function headOf(messages: readonly ChatMessage[]): number {
  const first = messages.findIndex(
    (message) => (message.role !== 'system' && message.role !== 'developer') || leftOutAtCapture(message) > 0,
  )
  if (first === -1) return messages.length - 1
  // A call is never apart from its results, and neither the newest message nor a note of what is missing is a beginning.
  const [[message, ...results] = []] = groupsOf(messages.slice(first))
  const isBeginning = message !== undefined && results.length === 0 && leftOutAtCapture(message) === 0
  return first + (isBeginning && first + 1 < messages.length ? 1 : 0)
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
