import type { ChatMessage } from './chat-message.ts'

/** Ends lists that were truncated at capture: `[3 more entries]`. */
const captureMark = /^\[\d+ more (entries|fields)\]$/

/** A string among messages would be an empty message on Langfuse's page (measured). */
export const isLeftOut = (text: string): boolean => captureMark.test(text)

/** @param note what is missing, in brackets */
export const leftOutMessage = (note: string): ChatMessage => ({
  role: 'system',
  name: 'left out',
  content: note,
})
