import type { RunDetail, RunSpan } from '../admin/runs.ts'
import { costText, duration, inAndOut, localTime } from './cells.ts'

/** A span of a run in a table. `lead`: the lines of the tree before the span's name. */
export type RunRow = { readonly lead: string; readonly span: RunSpan }

/** @returns the spans of a run in the order of the tree */
export const runRows = ({ spans }: Pick<RunDetail, 'spans'>): readonly RunRow[] =>
  spans.flatMap((span) => rowsBelow(span, '', ''))

function rowsBelow(span: RunSpan, lead: string, leadBelow: string): readonly RunRow[] {
  const last = span.spans.at(-1)
  const below = span.spans.flatMap((child) =>
    child === last
      ? rowsBelow(child, `${leadBelow}└─ `, `${leadBelow}   `)
      : rowsBelow(child, `${leadBelow}├─ `, `${leadBelow}│  `),
  )
  return [{ lead, span }, ...below]
}

export const hasFailed = ({ span }: RunRow): boolean =>
  span.error !== undefined ||
  (span.ending !== undefined && span.ending !== 'completed' && span.ending !== 'running')

/** Of a call what was answered, of a tool what it was called with and gave. Agents show both in their calls. */
export function contentOf({ kind, error, input, output }: RunSpan): string {
  if (kind === 'tool') return `${input ?? ''} ─▶ ${error === undefined ? '' : `${error}: `}${output ?? ''}`
  return error ?? output ?? ''
}

/** What is known of a run as a whole. */
export function runFacts(run: RunDetail, now: number): readonly (readonly [label: string, text: string])[] {
  const counts = [
    counted(run.calls, 'call'),
    counted(run.tools, 'tool'),
    counted(run.errors, 'error'),
    `tokens ${inAndOut(run.tokens.input, run.tokens.output)}`,
    `cost ${costText(run.cost)}`,
  ]
  return [
    ['RUN', run.id],
    ['BEGAN', `${localTime(run.startedAt, now)}, took ${duration(run.durationMs)}`],
    ['TURN', `${run.turn} of ${run.turns} of conversation ${run.conversationId}`],
    ['COUNTS', counts.join(', ')],
  ]
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
