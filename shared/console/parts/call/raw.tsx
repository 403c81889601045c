import type { CallDetail } from '../../../admin/call-store.ts'
import { curlCommand } from '../../../presentation/curl.ts'
import { callPath } from '../../addresses/paths.ts'

/** A command that is longer is on a page of its own. */
const shownCharacters = 10_000

/** The recorded request and answer as text, and the call as a command. */
export function Raw({ call, dataUrl }: { readonly call: CallDetail; readonly dataUrl: string | undefined }) {
  const path = callPath(call.id)
  const curl = curlCommand(call, dataUrl)
  return (
    <section aria-labelledby="raw">
      <h2 id="raw">Raw</h2>
      <ul class="summary">
        <li>
          <a href={`${path}/request`}>request</a>
        </li>
        <li>
          <a href={`${path}/answer`}>answer</a>
        </li>
        <li>
          <a href={`${path}/record`}>record</a>
        </li>
        {curl !== undefined && (
          <li>
            <a href={`${path}/curl`}>curl</a>
          </li>
        )}
      </ul>
      <p class="quiet">As recorded, as plain text: media are notes, and credentials are in none of it.</p>
      {curl !== undefined && curl.length <= shownCharacters && (
        <details class="curl">
          <summary>Make this call again with curl</summary>
          <pre data-copy>{curl}</pre>
        </details>
      )}
    </section>
  )
}
