import type { Json, JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import type { Choice } from '../../../../shared/record/output.ts'
import type { ChatMessage } from './chat-message.ts'
import { toMessages } from './message.ts'
import { withheldNote } from './refusal.ts'
import { itemMessages } from './response-items.ts'
import { type CallIds, createCallIds } from './tool-call.ts'

/** Langfuse counts the calls of a message and of a list of messages, and of no object that holds them. */
export type ChatOutput = ChatMessage | readonly ChatMessage[]

/** Several choices are told apart by a name, which Langfuse shows in the place of the role. */
export function choicesOutput(choices: readonly Choice[]): ChatOutput | undefined {
  const ids = createCallIds()
  const messages = choices.flatMap((choice) => choiceMessages(choice, ids, choices.length > 1))
  return messageOrList(messages)
}

/** @param items of the Responses API */
export const itemsOutput = (items: readonly Json[]): ChatOutput | undefined =>
  messageOrList(itemMessages(items, 'assistant', createCallIds()))

/** @param message of one assistant, in OpenAI's shape or in Anthropic's, with content blocks */
export const messageOutput = (message: JsonObject): ChatOutput | undefined =>
  messageOrList(toMessages(message, 'assistant', createCallIds()))

function messageOrList(messages: readonly ChatMessage[]): ChatOutput | undefined {
  const [only, ...others] = messages.map(withKnownRole)
  return only === undefined || others.length === 0 ? only : [only, ...others]
}

/** Of a list with any other role Langfuse does not rewrite the calls, and shows none. */
const knownRoles = new Set(['assistant', 'tool', 'function', 'system', 'user'])

const withKnownRole = (message: ChatMessage): ChatMessage =>
  knownRoles.has(message.role) ? message : { ...message, role: 'assistant' }

function audioOf({ audioTranscript, audio }: Choice): JsonObject | undefined {
  if (audioTranscript === undefined && audio === undefined) return undefined
  return omitUndefined({ data: audio, transcript: audioTranscript })
}

/** True where anything of an answer is more than reasoning. */
const hasAnswer = ({ content, toolCalls = [], audioTranscript }: Choice): boolean =>
  Boolean(content) || toolCalls.length > 0 || Boolean(audioTranscript)

function choiceMessages(choice: Choice, ids: CallIds, isOneOfSeveral: boolean): readonly ChatMessage[] {
  const message = omitUndefined<Record<string, Json | undefined>>({
    role: choice.role,
    name: isOneOfSeveral ? `choice ${choice.index + 1}` : undefined,
    content: choice.content,
    reasoning: choice.reasoning,
    refusal: choice.refusal ?? (hasAnswer(choice) ? undefined : withheldNote(choice.finishReason)),
    audio: audioOf(choice),
    tool_calls: choice.toolCalls,
    annotations: choice.annotations,
    executed_tools: choice.executedTools,
    logprobs: choice.logprobs,
  })
  return toMessages(message, 'assistant', ids)
}
