import type { LiveSnapshot } from '../../admin/live-calls.ts'
import type { Page } from '../layout/page.ts'
import { LiveTable } from '../parts/live/live-table.tsx'

/** What goes by now. Without a script a table of what is in flight; with one it moves. */
export function livePage({ calls, inFlight, words, at }: LiveSnapshot): Page {
  const body = (
    <>
      <h1>Live</h1>
      <noscript>
        <p>
          This is what was in flight when the page was made: reload it to see more. A script keeps it up to
          date.
        </p>
      </noscript>
      <div id="live" class="toolbar" data-stream="/api/live" hidden>
        <button type="button" id="live-pause" data-pause aria-keyshortcuts="p">
          Pause
        </button>
        <p id="live-counter" aria-hidden="true" />
        <p id="live-spoken" role="status" class="spoken" />
        <p id="live-skipped" class="quiet" />
      </div>
      {words !== 'shown' && <p class="quiet">{withoutWords[words]}</p>}
      <LiveTable calls={calls} now={at} />
      <p id="live-empty" class="empty" hidden={calls.length > 0}>
        Nothing is in flight. Calls appear here when they start; those that are over are in{' '}
        <a href="/calls">Calls</a>.
      </p>
      {inFlight > calls.length && (
        <p class="quiet">
          The newest {calls.length} of {inFlight} calls in flight are shown.
        </p>
      )}
    </>
  )
  return { title: 'Live', section: '/live', body, script: 'live.js' }
}

const withoutWords: Readonly<Record<Exclude<LiveSnapshot['words'], 'shown'>, string>> = {
  capture_content: 'Last words are not shown, because CAPTURE_CONTENT keeps less than all content.',
  redact:
    'Last words are shown once a call is over: REDACT cannot be applied to a text that is still growing.',
}
