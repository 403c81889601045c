import type { Json, JsonObject } from '../../../shared/json.ts'
import { newSpanId, newTraceId } from '../../../shared/record/ids.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { Operation } from '../../../shared/record/record.ts'
import { stillClock } from '../../../shared/testing/still-clock.ts'
import type { IndexLimits } from '../call-index.ts'
import { readAnswer } from '../reading/answer.ts'
import type { Conversation } from '../reading/conversation.ts'
import { readConversation } from '../reading/read-conversation.ts'
import type { EndedCall, Stitched } from '../stitched-call.ts'
import { createStitcher } from '../stitcher.ts'

export type StitchedCall = Stitched & { readonly id: string; readonly spanId: string }

export type Changes = Partial<EndedCall> & { readonly responseId?: string }

/** Makes calls one after the other, a second each, and a second apart. */
export type Caller = {
  chat(body: JsonObject, answer: Json, changes?: Changes): StitchedCall
  messages(body: JsonObject, content: readonly Json[], changes?: Changes): StitchedCall
  responses(body: JsonObject, items: readonly Json[], changes?: Changes): StitchedCall
  /** Wall clock of the last call's end. */
  endedAt(): number
  pass(ms: number): void
}

/** @param limits of what is remembered */
export function createCaller(limits?: IndexLimits): Caller {
  const clock = stillClock()
  const stitcher = createStitcher({ key: 'secret', clock, quote: (text) => text, ...(limits && { limits }) })
  let calls = 0
  let endedAt = 0

  function call(
    operation: Operation,
    body: JsonObject,
    output: Output,
    { responseId, ...changes }: Changes = {},
  ): StitchedCall {
    const startedAt = clock.now()
    clock.advance(1_000)
    endedAt = clock.now()
    const ended: EndedCall = {
      id: `call-${++calls}`,
      scope: 'one',
      hasSession: false,
      traceId: newTraceId(),
      isExplicit: false,
      spanId: newSpanId(),
      startedAt,
      endedAt,
      isFailed: false,
      conversation: readConversation(operation, { model: 'a-model', ...body }) as Conversation,
      answer: { ...readAnswer(output), ...(responseId !== undefined && { responseId }) },
      ...changes,
    }
    clock.advance(1_000)
    return { ...stitcher.stitch(ended), id: ended.id, spanId: ended.spanId }
  }

  return {
    chat: (body, answer, changes) => call('chat', body, choicesOf(answer), changes),
    messages: (body, content, changes) => call('messages', body, { kind: 'message', content }, changes),
    responses: (body, items, changes) => call('responses', body, { kind: 'items', items }, changes),
    endedAt: () => endedAt,
    pass: (ms) => clock.advance(ms),
  }
}

/** @param answer a text, or an assistant's message */
function choicesOf(answer: Json): Output {
  const message = typeof answer === 'string' ? { content: answer } : (answer as JsonObject)
  const calls = (message.tool_calls ?? []) as readonly ToolCallMessage[]
  const toolCalls = calls.map(({ id, function: called }) => ({ ...(id !== undefined && { id }), ...called }))
  return { kind: 'choices', choices: [{ index: 0, content: message.content ?? null, toolCalls }] }
}

export type ToolCallMessage = {
  readonly id?: string
  readonly type: 'function'
  readonly function: { readonly name: string; readonly arguments: string }
}

export const user = (content: string) => ({ role: 'user', content })
export const assistant = (content: string) => ({ role: 'assistant', content })
export const system = (content: string) => ({ role: 'system', content })

/** An assistant's message that asks for tools: `[id, name, arguments]` each. */
export function asks(
  ...calls: readonly (readonly [id: string | undefined, name: string, args: JsonObject])[]
) {
  const toolCalls = calls.map(
    ([id, name, args]): ToolCallMessage => ({
      ...(id !== undefined && { id }),
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    }),
  )
  return { role: 'assistant', content: null, tool_calls: toolCalls }
}

export const result = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content })

/** Definitions of tools. */
export const tools = (...names: readonly string[]) =>
  names.map((name) => ({ type: 'function', function: { name, parameters: {} } }))
