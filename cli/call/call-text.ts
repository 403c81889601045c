import type { CallDetail } from '../../shared/admin/call-store.ts'
import { type Said, saidIn, saidInOutput, type Tool, toolsIn } from '../../shared/presentation/content.ts'
import { factsOf } from '../../shared/presentation/facts.ts'
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
    section('INPUT', said(saidIn(call.input), width, paint), paint),
    section(
      'TOOLS',
      toolsIn(call.input)
        .map((tool) => toolText(tool, width, paint))
        .join(''),
      paint,
    ),
    section('OUTPUT', said(saidInOutput(call.output), width, paint), paint),
    call.content === undefined ? '' : `\nCAPTURE_CONTENT=${call.content}: more was not recorded.\n`,
  ].join('')
}

const section = (title: string, text: string, paint: Paint): string =>
  text === '' ? '' : `\n${paint('bold', title)}\n${text}`

function said(messages: readonly Said[], width: number, paint: Paint): string {
  return messages
    .map(({ who, text }) => `  ${paint('dim', sanitize(who))}\n${block(text, width, '    ')}`)
    .join('')
}

function toolText({ name, description }: Tool, width: number, paint: Paint): string {
  const title = `  ${paint('dim', sanitize(name))}\n`
  return description === '' ? title : `${title}${block(description, width, '    ')}`
}
