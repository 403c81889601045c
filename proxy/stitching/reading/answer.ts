import type { Output } from '../../../shared/record/output.ts'
import { choiceBlock } from './chat.ts'
import type { Answer } from './conversation.ts'
import { messageBlock } from './messages.ts'
import { itemsBlock } from './responses.ts'
import { executedTools, serverToolBlocks, serverToolItems } from './server-tools.ts'

/** @param output before CAPTURE_CONTENT is applied; undefined where there was none */
export function readAnswer(output: Output | undefined): Pick<Answer, 'blocks' | 'serverTools'> {
  switch (output?.kind) {
    case 'choices':
      return { blocks: output.choices.map(choiceBlock), serverTools: executedTools(output.choices) }
    case 'items':
      return { blocks: [itemsBlock(output.items)], serverTools: serverToolItems(output.items) }
    case 'message':
      return { blocks: [messageBlock(output.content)], serverTools: serverToolBlocks(output.content) }
    default:
      return { blocks: [], serverTools: [] }
  }
}
