import type { Ending as EndingName } from '../../record/record.ts'

const signs = {
  completed: { sign: '✓', look: 'good' },
  running: { sign: '…', look: 'quiet' },
  client_closed: { sign: '■', look: 'warn' },
  truncated: { sign: '✗', look: 'bad' },
  upstream_error: { sign: '✗', look: 'bad' },
  error_in_stream: { sign: '✗', look: 'bad' },
  upstream_closed: { sign: '✗', look: 'bad' },
  timed_out: { sign: '✗', look: 'bad' },
  process_died: { sign: '✗', look: 'bad' },
} as const satisfies Readonly<Record<EndingName, { readonly sign: string; readonly look: string }>>

/** How a call ended: a sign, a word, and a colour beside them. */
export function Ending({ ending }: { readonly ending: EndingName }) {
  const { sign, look } = signs[ending] ?? { sign: '?', look: 'quiet' }
  return (
    <span class={look}>
      <span aria-hidden="true">{sign}</span> {ending.replaceAll('_', ' ')}
    </span>
  )
}
