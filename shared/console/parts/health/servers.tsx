import type { ExaminedPart } from '../../../admin/examination.ts'
import { When } from '../when.tsx'

type ServersProps = {
  /** When they were asked, ms since 1970; undefined where nobody has yet. */
  readonly at: number | undefined
  readonly parts: readonly ExaminedPart[]
  readonly now: number
}

/** What `threadtap doctor` says of the servers that this process talks to, and a form that asks them. */
export function Servers({ at, parts, now }: ServersProps) {
  return (
    <section aria-labelledby="servers">
      <h2 id="servers">What it talks to</h2>
      {at === undefined ? (
        <p>
          Upstreams, Redis, Langfuse and OTLP have not been asked since this process runs: that takes seconds
          where one does not answer.
        </p>
      ) : (
        <>
          <p>
            Asked <When at={at} now={now} />:
          </p>
          <ul class="findings">
            {parts.map((part) => (
              <ExaminedItem part={part} />
            ))}
          </ul>
        </>
      )}
      <form method="post" action="/health/examine">
        <button type="submit">{at === undefined ? 'Ask them' : 'Ask them again'}</button>
      </form>
      <p class="quiet">
        <code>threadtap doctor</code> asks the same, and looks at ports and folders, too.
      </p>
    </section>
  )
}

const signs = { ok: '✓', 'not ok': '✗', 'not used': '–' } as const
const looks = { ok: 'good', 'not ok': 'bad', 'not used': 'quiet' } as const
const words = { ok: 'Good', 'not ok': 'Bad', 'not used': 'Not used' } as const

function ExaminedItem({ part: { name, state, summary, remedy } }: { readonly part: ExaminedPart }) {
  return (
    <li>
      <span class={looks[state]} role="img" aria-label={words[state]}>
        {signs[state]}
      </span>{' '}
      <bdi>
        {name}: {summary}
      </bdi>
      {remedy !== undefined && (
        <>
          . To mend it: <code dir="auto">{remedy}</code>
        </>
      )}
    </li>
  )
}
