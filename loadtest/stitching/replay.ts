import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Api } from '../../shared/recordings/recorded-runs.ts'
import type { Step } from './order.ts'
import { type ReplayUpstream, startReplayUpstream } from './replay-upstream.ts'
import { startStitchingThreadtap, type ThreadtapProcess } from './threadtap-process.ts'

/** A call as it was recorded, and the record that the product made of it. */
export type Replayed = Step & { readonly record: InferenceRecord }

export type Scope = 'one pool' | 'run by run'

const paths: Readonly<Record<Api, string>> = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  compact: '/v1/responses/compact',
  messages: '/v1/messages',
}

/** Plays recordings through the running product. @param scope whether all calls have one credential, or each run its own */
export async function replay(steps: readonly Step[], scope: Scope): Promise<readonly Replayed[]> {
  const upstream = await startReplayUpstream()
  const threadtap = await startStitchingThreadtap(upstream.port, 'on')
  try {
    const byCallId = new Map<string, Step>()
    for (const step of steps) byCallId.set(await send(step, scope, upstream, threadtap), step)
    await threadtap.delivered(steps.length)
    const records = await threadtap.records()
    return records.flatMap((record) => {
      const step = byCallId.get(record.id)
      return step === undefined ? [] : [{ ...step, record }]
    })
  } finally {
    await threadtap.stop()
    await upstream.stop()
  }
}

/** @returns the id of the call's record */
export async function send(
  { recording, call }: Step,
  scope: Scope,
  upstream: ReplayUpstream,
  threadtap: ThreadtapProcess,
): Promise<string> {
  upstream.answer(call)
  const credential = scope === 'one pool' ? 'everybody' : recording.file
  const response = await fetch(`${threadtap.origin}${paths[call.api]}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
    body: JSON.stringify(call.request),
  })
  await response.arrayBuffer()
  return response.headers.get('x-call-id') ?? ''
}
