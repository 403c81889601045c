import type { ChatMessage } from './chat-message.ts'

/** Stands in lists that were truncated at capture: `[3 more entries]`. */
const captureMark = /^\[(\d+) more (?:entries|fields)\]$/

/** A string among messages would be an empty message on Langfuse's page (measured). */
export const isLeftOut = (text: string): boolean => captureMark.test(text)

const name = 'left out'

/** @param note what is missing, in brackets */
export const leftOutMessage = (note: string): ChatMessage => ({ role: 'system', name, content: note })

/** @returns how many messages were left out at capture, where the message says that; 0 of any other */
export function leftOutAtCapture(message: ChatMessage): number {
  if (message.name !== name || typeof message.content !== 'string') return 0
  return Number(captureMark.exec(message.content)?.[1] ?? 0)
}
