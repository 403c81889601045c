import { countLeftOut } from '../../../../shared/record/left-out-marks.ts'
import type { ChatMessage } from './chat-message.ts'

/** True for a mark of capture: a string among messages would be an empty message on Langfuse's page (measured). */
export const isLeftOut = (text: string): boolean => countLeftOut(text) !== undefined

const name = 'left out'

/** @param note what is missing, in brackets */
export const leftOutMessage = (note: string): ChatMessage => ({ role: 'system', name, content: note })

/** @returns how many messages were left out at capture, where the message says that; 0 of any other */
export function leftOutAtCapture(message: ChatMessage): number {
  if (message.name !== name || typeof message.content !== 'string') return 0
  return countLeftOut(message.content) ?? 0
}
