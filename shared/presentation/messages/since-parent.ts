import type { InferenceRecord } from '../../record/record.ts'
import { messagesOfInput } from './input.ts'
import type { Message } from './message.ts'
import { messagesOfOutput } from './output.ts'
import { plainMessages } from './plain-text.ts'

/** An input, split at what the call before it knew already. */
export type SinceParent = {
  /** How many messages the call before had as well, its answer among them. */
  readonly earlier: number
  readonly fresh: readonly Message[]
}

type Spoken = Pick<InferenceRecord, 'input' | 'output'>

/**
 * Agents repeat nearly all of their input with each step: what is new is what its parent neither sent nor got. Instructions
 * are compared by themselves, because another agent that takes over has its own ones before the same history.
 */
export function sinceParent(call: Spoken, parent: Spoken | undefined): SinceParent {
  const messages = messagesOfInput(call.input)
  if (parent === undefined) return { earlier: 0, fresh: messages }
  const [instructions, history] = splitInstructions(messages)
  const [instructionsBefore, historyBefore] = splitInstructions(messagesOfInput(parent.input))
  const known = knownOf(history, historyBefore, messagesOfOutput(parent.output))
  if (known === 0) return { earlier: 0, fresh: messages }
  const isInstructed = JSON.stringify(instructions) === JSON.stringify(instructionsBefore)
  return {
    earlier: known + (isInstructed ? instructions.length : 0),
    fresh: [...(isInstructed ? [] : instructions), ...history.slice(known)],
  }
}

const instructionRoles: ReadonlySet<string> = new Set(['system', 'developer', 'instructions'])

function splitInstructions(
  messages: readonly Message[],
): readonly [instructions: readonly Message[], history: readonly Message[]] {
  const found = messages.findIndex(({ role }) => !instructionRoles.has(role))
  const end = found < 0 ? messages.length : found
  return [messages.slice(0, end), messages.slice(end)]
}

/** @returns how many messages of a history the call before had; 0 where the client wrote the history anew */
function knownOf(
  history: readonly Message[],
  before: readonly Message[],
  answer: readonly Message[],
): number {
  const isRepeated = before.every((message, at) => JSON.stringify(message) === JSON.stringify(history[at]))
  if (!isRepeated) return 0
  const others = history.slice(before.length)
  const found = others.findIndex(({ role }) => !isOfModel(role))
  const answered = found < 0 ? others : others.slice(0, found)
  return before.length + (plainText(answered) === plainText(answer) ? answered.length : 0)
}

/** Items that a model gives have no role. */
const isOfModel = (role: string): boolean =>
  role === 'assistant' || role === 'reasoning' || role.endsWith('_call')

/** Ids, finish reasons and what was thought may be missing in what the client sends back. */
const plainText = (messages: readonly Message[]): string =>
  messages
    .flatMap(plainMessages)
    .filter(({ speaker, text }) => !speaker.endsWith(', thinking') && text !== '')
    .map(({ text }) => text)
    .join('\n')
