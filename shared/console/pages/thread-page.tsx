import { costText, duration, inAndOut, shortId } from '../../presentation/cells.ts'
import { messagesOfOutput } from '../../presentation/messages/output.ts'
import { shorten } from '../../presentation/messages/shorten.ts'
import { sinceParent } from '../../presentation/messages/since-parent.ts'
import { shortenedText } from '../../presentation/shortened-text.ts'
import { callPath, listPath, threadPath } from '../addresses/paths.ts'
import type { Conversation, ConversationTurn } from '../data/conversation.ts'
import type { Page } from '../layout/page.ts'
import { Ending } from '../parts/ending.tsx'
import { Failures } from '../parts/failures.tsx'
import { Messages } from '../parts/message.tsx'
import { When } from '../parts/when.tsx'

export type ThreadPageData = Conversation & { readonly now: number; readonly isFirstPage: boolean }

/** Shown of the request and of the answer of each call: the page of 20 calls stays below 100 KB. */
const shownCharacters = 2_000

/** A thread as the conversation that it was: of each call what was new in it, and its answer. */
export function threadPage({ thread, turns, next, now, isFirstPage }: ThreadPageData): Page {
  const { thread: id, kind } = thread
  const body = (
    <article>
      <h1>
        <bdi>{id}</bdi> <small class="quiet">{kind}</small>
      </h1>
      <Totals thread={thread} now={now} />
      <nav class="pager" aria-label="More of the conversation">
        {next !== undefined && <a href={listPath('/thread', { id, before: next })}>Earlier calls</a>}
        {!isFirstPage && <a href={threadPath(id)}>The newest calls</a>}
        <a href={listPath('/calls', { thread: id })}>As a list of calls</a>
        <a href={listPath('/runs', { thread: id })}>Its runs</a>
      </nav>
      {turns.map((turn) => (
        <Turn turn={turn} now={now} />
      ))}
    </article>
  )
  return { title: 'Thread', section: '/threads', body }
}

function Totals({ thread, now }: Pick<ThreadPageData, 'thread' | 'now'>) {
  const { calls, errors, tokens, cost, users, models, firstAt } = thread
  return (
    <ul class="summary">
      <li>{calls} calls</li>
      <li>
        <Failures count={errors} /> failed
      </li>
      <li>{inAndOut(tokens.input, tokens.output)} tokens</li>
      <li>{costText(cost)}</li>
      <li>
        began <When at={firstAt} now={now} />
      </li>
      {users.length > 0 && (
        <li>
          of <bdi>{users.join(', ')}</bdi>
        </li>
      )}
      <li>
        <bdi>{models.join(', ')}</bdi>
      </li>
    </ul>
  )
}

function Turn({ turn: { call, parent }, now }: { readonly turn: ConversationTurn; readonly now: number }) {
  const asked = shorten(sinceParent(call, parent).fresh, shownCharacters, 'last')
  const answered = shorten(messagesOfOutput(call.output), shownCharacters, 'first')
  const leftOut = asked.leftOut + answered.leftOut
  const { id, times, ending, error, response, request, content } = call
  return (
    <section class="turn">
      <h2>
        <a href={callPath(id)} data-row>
          call {shortId(id)}
        </a>{' '}
        <small class="quiet">
          <When at={times.startedAt} now={now} />, {duration(times.durationMs)},{' '}
          <bdi>{response.model ?? request.model}</bdi>
        </small>
      </h2>
      <Messages messages={content === 'none' ? [] : asked.messages} />
      <Messages messages={content === 'none' ? [] : answered.messages} />
      {error !== undefined && (
        <p class="error">
          <bdi>{error.type}</bdi>: <bdi>{shortenedText(error.message, shownCharacters)}</bdi>
        </p>
      )}
      <p class="quiet">
        <Ending ending={ending} />
        {leftOut > 0 && `, ${leftOut} characters are left out here`}
        {content !== undefined && `, recorded with CAPTURE_CONTENT=${content}`}
      </p>
    </section>
  )
}
