import type { CallDetail } from '../../admin/call-store.ts'
import { duration, shortId } from '../../presentation/cells.ts'
import type { Page } from '../layout/page.ts'
import { Answer } from '../parts/call/answer.tsx'
import { CallFacts } from '../parts/call/call-facts.tsx'
import { CallHead } from '../parts/call/call-head.tsx'
import { Frames } from '../parts/call/frames.tsx'
import { Raw } from '../parts/call/raw.tsx'
import { Request } from '../parts/call/request.tsx'
import { Timings } from '../parts/timings.tsx'

export type CallPageData = {
  readonly call: CallDetail
  /** The call that it follows, where that is kept. */
  readonly parent?: CallDetail
  /** Whether all of it was asked for, however long it is. */
  readonly whole: boolean
  readonly now: number
  /** URL of the data port, where it is known: `http://127.0.0.1:4010`. */
  readonly dataUrl?: string
  /** Base URL of the Langfuse that records go to. */
  readonly langfuseUrl?: string
}

/** One call in full: what is new in it first. */
export function callPage(data: CallPageData): Page {
  const { call, now } = data
  const body = (
    <article class="call">
      <CallHead call={call} now={now} langfuseUrl={data.langfuseUrl} />
      <Request call={call} parent={data.parent} whole={data.whole} />
      <Answer call={call} whole={data.whole} />
      <section aria-labelledby="timings">
        <h2 id="timings">Timings</h2>
        <Timings times={call.times} stream={call.stream} />
        <Frames call={call} />
      </section>
      <section aria-labelledby="facts">
        <h2 id="facts">What is known of it</h2>
        <CallFacts call={call} now={now} />
      </section>
      <Raw call={call} dataUrl={data.dataUrl} />
    </article>
  )
  const title = `Call ${shortId(call.id)}, ${duration(call.times.durationMs)}`
  return { title, section: '/calls', body }
}
