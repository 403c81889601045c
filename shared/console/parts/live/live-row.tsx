import type { LiveCall } from '../../../admin/live-calls.ts'
import { duration } from '../../../presentation/cells.ts'

type LiveRowProps = { readonly call: LiveCall; readonly now: number }

/** One call of the live table. `assets/live-row.js` writes the same cells, with the same words. */
export function LiveRow({ call, now }: LiveRowProps) {
  const { id, stalled, startedAt, durationMs, model, operation, threadId, userId, agentKey, agent } = call
  return (
    <tr data-call={id} class={stalled ? 'stalled' : undefined}>
      <td>{stateText(call, now)}</td>
      <td class="number">{duration(durationMs ?? Math.max(now - startedAt, 0))}</td>
      <Cell text={model ?? operation} />
      <Cell text={threadId} look="preview" />
      <Cell text={userId} look="secondary preview" />
      <Cell text={agentKey ?? agent} look="secondary preview" />
      <td class="number">{writtenText(call)}</td>
      <td class="number secondary">{call.firstTokenMs === undefined ? '-' : duration(call.firstTokenMs)}</td>
      <td class="number secondary">{speedText(call)}</td>
      <td>{recordTexts[call.delivery]}</td>
      <td class="last-words" title={call.error ?? call.lastWords}>
        <bdi>{lastText(call)}</bdi>
      </td>
    </tr>
  )
}

/** Callers name these: isolated, so that bidirectional text in one cell leaves the others alone. */
function Cell({ text, look }: { readonly text: string | undefined; readonly look?: string }) {
  return (
    <td class={look} title={text}>
      <bdi>{text ?? '-'}</bdi>
    </td>
  )
}

/** A sign and a word: no state is told by a colour alone. */
function stateText({ phase, stalled, lastAt, ending, status }: LiveCall, now: number): string {
  if (stalled) return `⚠ silent for ${duration(now - lastAt)}`
  if (phase === 'waiting') return '… waiting'
  if (phase === 'answering') return '▶ answering'
  const failed = ending !== 'completed' && ending !== 'running'
  const how = (ending ?? '').replaceAll('_', ' ')
  return failed ? `✗ ${how}${status !== undefined && status >= 400 ? ` ${status}` : ''}` : `✓ ${how}`
}

/** The end of the words, which is what moves; the beginning of an error. */
function lastText({ error, lastWords }: LiveCall): string {
  if (error !== undefined) return error
  if (lastWords === undefined) return '-'
  const words = lastWords.replace(/\s+/gu, ' ')
  return words.length <= shownCharacters ? words : `…${words.slice(-shownCharacters).toWellFormed()}`
}

const shownCharacters = 36

/** What the model has written: tokens where they are known. */
function writtenText({ tokens, characters }: LiveCall): string {
  if (tokens.output !== undefined) return `${tokens.output} tokens`
  return characters === undefined ? '-' : `${characters} characters`
}

const speedText = ({ speed }: LiveCall): string =>
  speed === undefined ? '-' : `${Math.round(speed.perSecond)} ${speed.of === 'tokens' ? 'tok' : 'char'}/s`

const recordTexts: Readonly<Record<LiveCall['delivery'], string>> = {
  in_flight: '… in flight',
  spooled: '▤ spooled',
  queued: '⇢ queued',
  delivered: '✓ delivered',
  dead_lettered: '✗ dead letter',
  dropped: '✗ dropped',
}
