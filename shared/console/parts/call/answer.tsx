import type { CallDetail } from '../../../admin/call-store.ts'
import { messagesOfOutput } from '../../../presentation/messages/output.ts'
import { shorten } from '../../../presentation/messages/shorten.ts'
import { Messages } from '../message.tsx'
import { LeftOut } from './left-out.tsx'
import { NotRecorded } from './not-recorded.tsx'

const shownCharacters = 30_000

/** What was answered, as far as it came. */
export function Answer({ call, whole }: { readonly call: CallDetail; readonly whole: boolean }) {
  const all = messagesOfOutput(call.output)
  const { messages, leftOut } = whole ? { messages: all, leftOut: 0 } : shorten(all, shownCharacters, 'first')
  // With CAPTURE_CONTENT=none there are messages without content.
  const isAbsent = all.length === 0 || call.content === 'none'
  return (
    <section aria-labelledby="answer">
      <h2 id="answer">Answer</h2>
      {isAbsent ? <NotRecorded call={call} what="answer" /> : <Messages messages={messages} />}
      <LeftOut id={call.id} characters={leftOut} />
    </section>
  )
}
