import { isJsonObject, type Json } from '../../../shared/json.ts'
import type { Operation } from '../../../shared/record/record.ts'
import { readChat } from './chat.ts'
import type { Conversation } from './conversation.ts'
import { readMessages } from './messages.ts'
import { readResponses } from './responses.ts'

/** @returns undefined for operations that have no conversation, and where the body was not read */
export function readConversation(operation: Operation, body: Json | undefined): Conversation | undefined {
  if (!isJsonObject(body)) return undefined
  switch (operation) {
    case 'chat':
      return readChat(body)
    case 'responses':
      return readResponses(body)
    case 'messages':
      return readMessages(body)
    default:
      return undefined
  }
}
