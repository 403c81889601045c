import type { CallSummary } from '../../admin/call-store.ts'
import { costText, duration, tokens } from '../../presentation/cells.ts'
import { callPath } from '../addresses/call-path.ts'
import type { Page } from '../layout/page.ts'
import { Ending } from '../parts/ending.tsx'
import { When } from '../parts/when.tsx'

export type CallsPageData = { readonly calls: readonly CallSummary[]; readonly now: number }

/** Calls in a list, newest first. */
export function callsPage({ calls, now }: CallsPageData): Page {
  const body = (
    <>
      <h1>Calls</h1>
      {calls.length === 0 ? <NoCalls /> : <CallTable calls={calls} now={now} />}
    </>
  )
  return { title: 'Calls', section: '/calls', body }
}

function NoCalls() {
  return (
    <p class="empty">
      No calls are recorded yet. Point an application at threadtap, with <code>OPENAI_BASE_URL</code> as it
      was printed at the start, and make a call.
    </p>
  )
}

function CallTable({ calls, now }: CallsPageData) {
  return (
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Began</th>
            <th scope="col">Model</th>
            <th scope="col">Input</th>
            <th scope="col">Output</th>
            <th scope="col">Thread</th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col" class="number">
              Tokens
            </th>
            <th scope="col" class="number">
              Cost
            </th>
            <th scope="col">Ended</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <CallRow call={call} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function CallRow({ call, now }: { readonly call: CallSummary; readonly now: number }) {
  const { id, startedAt, model, operation, input, output, error, thread, durationMs, usage, cost, ending } =
    call
  return (
    <tr>
      <td>
        <a href={callPath(id)}>
          <When at={startedAt} now={now} />
        </a>
      </td>
      <td>{model ?? operation}</td>
      <td class="preview">{input}</td>
      <td class="preview">{error ?? output}</td>
      <td class="preview">{thread}</td>
      <td class="number">{duration(durationMs)}</td>
      <td class="number">{tokens(usage)}</td>
      <td class="number">{costText(cost)}</td>
      <td>
        <Ending ending={ending} />
      </td>
    </tr>
  )
}
