import type { CallDetail } from '../../shared/admin/call-store.ts'
import { factsOf } from '../../shared/presentation/facts.ts'
import { messagesOfInput, type Tool, toolsOfInput } from '../../shared/presentation/messages/input.ts'
import type { Message } from '../../shared/presentation/messages/message.ts'
import { messagesOfOutput } from '../../shared/presentation/messages/output.ts'
import { plainMessages } from '../../shared/presentation/messages/plain-text.ts'
import { block, labelled } from '../terminal/block.ts'
import type { Paint } from '../terminal/palette.ts'
import { paintOf, type Screen } from '../terminal/screen.ts'
import { sanitize } from '../terminal/text-width.ts'

/** One call in full: what is known of it, what was asked, which tools there were, and what was answered. */
export function callText(call: CallDetail, screen: Screen): string {
  const paint = paintOf(screen)
  const { width, now } = screen
  return [
    labelled(factsOf(call, now), width),
    section('INPUT', messagesText(messagesOfInput(call.input), width, paint), paint),
    section(
      'TOOLS',
      toolsOfInput(call.input)
        .map((tool) => toolText(tool, width, paint))
        .join(''),
      paint,
    ),
    section('OUTPUT', messagesText(messagesOfOutput(call.output), width, paint), paint),
    call.content === undefined ? '' : `\nCAPTURE_CONTENT=${call.content}: more was not recorded.\n`,
  ].join('')
}

const section = (title: string, text: string, paint: Paint): string =>
  text === '' ? '' : `\n${paint('bold', title)}\n${text}`

function messagesText(messages: readonly Message[], width: number, paint: Paint): string {
  return messages
    .flatMap(plainMessages)
    .map(({ speaker, text }) => `  ${paint('dim', sanitize(speaker))}\n${block(text, width, '    ')}`)
    .join('')
}

function toolText(
  { name, description }: Pick<Tool, 'name' | 'description'>,
  width: number,
  paint: Paint,
): string {
  const title = `  ${paint('dim', sanitize(name))}\n`
  return description === '' ? title : `${title}${block(description, width, '    ')}`
}
