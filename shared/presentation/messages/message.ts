import type { Json } from '../../json.ts'

/** What one side said in one go, whichever API carried it. */
export type Message = {
  /** `system`, `user`, `assistant`, `tool`, or the type of an item that has no role. */
  readonly role: string
  /** The name of who spoke, as the request has it. */
  readonly name?: string
  /** Id of the tool call that it answers. */
  readonly toolCallId?: string
  /** Why the model stopped. */
  readonly finishReason?: string
  readonly parts: readonly Part[]
}

export type Part =
  | { readonly kind: 'text' | 'reasoning' | 'refusal'; readonly text: string }
  | {
      readonly kind: 'tool_call'
      readonly name: string
      readonly id?: string
      /** As the model wrote them, valid JSON or not. */
      readonly arguments: string
    }
  | {
      readonly kind: 'tool_result'
      /** Of the tool call. */
      readonly id?: string
      readonly isError?: true
      readonly parts: readonly Part[]
    }
  /** A medium, which is described in the record, or what this version does not know. */
  | { readonly kind: 'other'; readonly type: string; readonly value: Json }
