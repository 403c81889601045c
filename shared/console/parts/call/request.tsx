import type { CallDetail } from '../../../admin/call-store.ts'
import { shortId } from '../../../presentation/cells.ts'
import { messagesOfInput, toolsOfInput } from '../../../presentation/messages/input.ts'
import { shorten } from '../../../presentation/messages/shorten.ts'
import { sinceParent } from '../../../presentation/messages/since-parent.ts'
import { callPath } from '../../addresses/paths.ts'
import { Messages } from '../message.tsx'
import { LeftOut } from './left-out.tsx'
import { NotRecorded } from './not-recorded.tsx'
import { Tools } from './tools.tsx'

/** Shown of a request and of an answer until more is asked for: together less than 100 KB. */
const shownCharacters = 30_000

type RequestProps = {
  readonly call: CallDetail
  readonly parent: CallDetail | undefined
  readonly whole: boolean
}

/** What was asked: what is new since the call before, or all of it. */
export function Request({ call, parent, whole }: RequestProps) {
  const { earlier, fresh } = sinceParent(call, parent)
  const { messages, leftOut } = whole
    ? { messages: messagesOfInput(call.input), leftOut: 0 }
    : // The newest matter more, whatever is shown.
      shorten(fresh, shownCharacters, 'last')
  return (
    <section aria-labelledby="request">
      <h2 id="request">{earlier > 0 && !whole ? 'New in the request' : 'Request'}</h2>
      {earlier > 0 && parent !== undefined && (
        <Earlier id={call.id} parentId={parent.id} count={earlier} whole={whole} />
      )}
      {call.input === undefined ? (
        <NotRecorded call={call} what="request" />
      ) : (
        <Messages messages={messages} />
      )}
      {fresh.length === 0 && !whole && earlier > 0 && (
        <p class="quiet">Nothing: it is the same request again.</p>
      )}
      <LeftOut id={call.id} characters={leftOut} />
      <Tools tools={toolsOfInput(call.input)} whole={whole} />
    </section>
  )
}

type EarlierProps = {
  readonly id: string
  readonly parentId: string
  readonly count: number
  readonly whole: boolean
}

function Earlier({ id, parentId, count, whole }: EarlierProps) {
  const parent = <a href={callPath(parentId)}>call {shortId(parentId)}</a>
  return whole ? (
    <p class="quiet">
      All of it; {count} of the messages were in {parent} already. <a href={callPath(id)}>Show what is new</a>
    </p>
  ) : (
    <p class="quiet">
      {count} earlier messages are those of {parent} and its answer.{' '}
      <a href={`${callPath(id)}?whole=1`}>Show the whole request</a>
    </p>
  )
}
