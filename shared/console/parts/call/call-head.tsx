import type { CallDetail } from '../../../admin/call-store.ts'
import { costText, duration, shortId, tokens } from '../../../presentation/cells.ts'
import { shortenedText } from '../../../presentation/shortened-text.ts'
import { callPath, runPath, threadPath } from '../../addresses/paths.ts'
import { Ending } from '../ending.tsx'
import { When } from '../when.tsx'

type CallHeadProps = {
  readonly call: CallDetail
  readonly now: number
  readonly langfuseUrl: string | undefined
}

/** What a call was in one line, and where it belongs. */
export function CallHead({ call, now, langfuseUrl }: CallHeadProps) {
  const { id, request, response, operation, times, usage, cost, ending, error } = call
  return (
    <header>
      <h1>
        <bdi>{response.model ?? request.model ?? operation}</bdi>{' '}
        <small class="quiet">
          call <span class="id">{shortId(id)}</span>
        </small>
      </h1>
      <ul class="summary">
        <li>
          <Ending ending={ending} />
        </li>
        <li>
          <When at={times.startedAt} now={now} />
        </li>
        <li>{duration(times.durationMs)}</li>
        {times.firstTokenMs !== undefined && <li>first content after {duration(times.firstTokenMs)}</li>}
        <li>{tokens(usage)} tokens</li>
        {cost !== undefined && <li>{costText(cost)}</li>}
      </ul>
      <Places call={call} langfuseUrl={langfuseUrl} />
      {error !== undefined && (
        <p class="error" role="note">
          <strong>
            <bdi>{error.type}</bdi>
          </strong>{' '}
          <bdi>{shortenedText(error.message, 2_000)}</bdi>
        </p>
      )}
      {call.content === 'lengths' && (
        <p class="empty">
          <code>CAPTURE_CONTENT=lengths</code> is set: in the place of what was said stands how long it was.
        </p>
      )}
    </header>
  )
}

/** Links to what the call is part of. */
function Places({ call, langfuseUrl }: Omit<CallHeadProps, 'now'>) {
  const { context, run, link, trace, request } = call
  const conversation = link?.kind === 'explicit' ? undefined : run?.conversationId
  const thread = context.threadId ?? context.sessionId ?? conversation
  return (
    <ul class="summary">
      {thread !== undefined && (
        <li>
          thread{' '}
          <a href={threadPath(thread)}>
            <bdi>{thread}</bdi>
          </a>
        </li>
      )}
      {run !== undefined && (
        <li>
          step {run.step} of <a href={runPath(trace.traceId)}>run {shortId(trace.traceId)}</a>
        </li>
      )}
      {link?.parentCallId !== undefined && (
        <li>
          follows <a href={callPath(link.parentCallId)}>call {shortId(link.parentCallId)}</a>
        </li>
      )}
      {request.attemptOf !== undefined && (
        <li>
          repeats <a href={callPath(request.attemptOf)}>call {shortId(request.attemptOf)}</a>
        </li>
      )}
      {langfuseUrl !== undefined && call.delivery.state === 'delivered' && (
        <li>
          <a href={`${langfuseUrl}/trace/${trace.traceId}`} rel="noopener noreferrer">
            in Langfuse
          </a>
        </li>
      )}
    </ul>
  )
}
