import type { DeadLetterSummary } from '../../../admin/dead-letters.ts'
import { When } from '../when.tsx'

type DeadLetterTableProps = {
  readonly letters: readonly DeadLetterSummary[]
  /** All that are kept; more than are shown, perhaps. */
  readonly count: number
  readonly now: number
}

/** What no sink took, with why, and what can be done about it: plain forms. */
export function DeadLetterTable({ letters, count, now }: DeadLetterTableProps) {
  if (letters.length === 0)
    return (
      <p class="empty">
        There are none. A record that a sink refuses for good is kept here, until somebody sends it again or
        purges it.
      </p>
    )
  return (
    <>
      <form method="post" action="/health/dead/replay-all">
        <p>
          Once what they were refused for is mended: <button type="submit">Send all {count} again</button>
        </p>
      </form>
      <section class="scroll" tabindex={0} aria-label="Dead letters">
        <table class="list">
          <thead>
            <tr>
              <th scope="col">Since</th>
              <th scope="col">Reason</th>
              <th scope="col">Sink</th>
              <th scope="col">Thread</th>
              <th scope="col">Do</th>
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <DeadLetterRow letter={letter} now={now} />
            ))}
          </tbody>
        </table>
      </section>
      {count > letters.length && (
        <p class="quiet">
          The newest {letters.length} of {count} are shown.
        </p>
      )}
    </>
  )
}

function DeadLetterRow({ letter, now }: { readonly letter: DeadLetterSummary; readonly now: number }) {
  const { id, at, reason, sink, threadId } = letter
  return (
    <tr>
      <td>
        <When at={Date.parse(at)} now={now} />
      </td>
      <td class="reason">
        <bdi>{reason}</bdi>
      </td>
      <td>{sink ?? '-'}</td>
      <td>
        <bdi>{threadId ?? '-'}</bdi>
      </td>
      <td class="actions">
        <form method="post" action="/health/dead/replay">
          <button type="submit" name="id" value={id}>
            Send again
          </button>
        </form>
        <details>
          <summary>Purge</summary>
          <form method="post" action="/health/dead/purge">
            <button type="submit" name="id" value={id}>
              Purge for good
            </button>
          </form>
        </details>
      </td>
    </tr>
  )
}
