import type { RunSpan } from '../../admin/runs.ts'
import { share } from './share.ts'
import { type Stretch, stretchesOf } from './timings.tsx'

/** Time of a run that one drawing covers. */
export type Range = { /** ms since 1970 */ readonly startedAt: number; readonly durationMs: number }

/** The hatching of times that are inferred; once on a page, because drawings refer to it by its id. */
export function WaterfallPatterns() {
  return (
    <svg class="patterns" aria-hidden="true">
      <defs>
        <pattern
          id="inferred"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="tool-back" width="6" height="6" />
          <rect class="tool" width="2.5" height="6" />
        </pattern>
      </defs>
    </svg>
  )
}

/** One span of a run as a bar within the run's time; the columns beside it say the same. */
export function WaterfallBar({ span, range }: { readonly span: RunSpan; readonly range: Range }) {
  const offset = span.startedAt - range.startedAt
  return (
    <svg class="waterfall" aria-hidden="true">
      {partsOf(span).map(({ look, from, to }) => (
        <rect
          class={look}
          fill={look === 'inferred' ? 'url(#inferred)' : undefined}
          x={share(offset + from, range.durationMs)}
          width={visible(share(to - from, range.durationMs))}
          height="100%"
        />
      ))}
    </svg>
  )
}

/** One line for an agent; wait and stream of a call; for a tool what was inferred from the calls around it. */
function partsOf(span: RunSpan): readonly Stretch[] {
  const { kind, name, durationMs } = span
  if (kind === 'call') return stretchesOf(span)
  const look = kind === 'agent' ? 'agent' : span.byProvider ? 'tool' : 'inferred'
  return [{ name, look, from: 0, to: durationMs }]
}

/** What took next to no time is drawn all the same. */
const visible = (width: string): string => (Number.parseFloat(width) < 0.3 ? '0.3%' : width)

const keys: readonly (readonly [look: string, name: string])[] = [
  ['agent', 'agent'],
  ['wait', 'wait for the first byte'],
  ['begin', 'up to the first content'],
  ['stream', 'content'],
  ['inferred', 'tool, inferred from the calls around it'],
  ['tool', 'tool that the provider ran'],
]

/** What the looks of bars mean. */
export function WaterfallKey() {
  return (
    <ul class="summary">
      {keys.map(([look, name]) => (
        <li>
          <svg class="key" aria-hidden="true">
            <rect
              class={look}
              fill={look === 'inferred' ? 'url(#inferred)' : undefined}
              width="100%"
              height="100%"
            />
          </svg>{' '}
          {name}
        </li>
      ))}
    </ul>
  )
}
