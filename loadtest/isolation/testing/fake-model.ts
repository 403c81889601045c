import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import {
  answerJson,
  chatEvents,
  type FakeUpstream,
  startFakeUpstream,
} from '../../../shared/testing/fake-upstream.ts'
import { type CallPlan, expectedReply } from '../plan.ts'

export type IsolationModel = {
  readonly upstream: FakeUpstream
  /** Sets the calls to expect. */
  expect(plans: readonly CallPlan[]): void
  /** The words received, in order of arrival. */
  readonly received: readonly string[]
  /** The most calls that were open concurrently. */
  readonly maxConcurrent: () => number
}

const usage = { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 }

/**
 * Repeats each caller's word, with the delays and the ending that the plan of the call sets. It holds all responses
 * until every call that does not abort early has arrived, so that all are open concurrently.
 */
export async function startModel(): Promise<IsolationModel> {
  let planByWord: ReadonlyMap<string, CallPlan> = new Map()
  let allReceived = countdown(0)
  const received: string[] = []
  let open = 0
  let maxOpen = 0

  const upstream = await startFakeUpstream(async (request, outgoing) => {
    const word = /word-[0-9a-f]{8}/.exec(request.body.toString())?.[0] ?? ''
    const plan = planByWord.get(word)
    received.push(word)
    if (plan === undefined)
      return answerJson({ error: { message: 'No call is planned with that word.' } }, 500)(request, outgoing)
    maxOpen = Math.max(maxOpen, ++open)
    outgoing.once('close', () => open--)
    if (isAwaited(plan)) allReceived.tick()
    await allReceived.done
    await pause(plan.responseDelayMs)
    await respond(plan, outgoing)
  })
  return {
    upstream,
    expect(plans) {
      planByWord = new Map(plans.map((plan) => [plan.word, plan]))
      allReceived = countdown(plans.filter(isAwaited).length)
    },
    received,
    maxConcurrent: () => maxOpen,
  }
}

const isAwaited = ({ scenario }: CallPlan): boolean => scenario.kind !== 'client_aborts_before_response'

async function respond(plan: CallPlan, outgoing: ServerResponse): Promise<void> {
  const chunks = plan.stream
    ? chatEvents(expectedReply(plan).match(/.{1,7}/g) ?? [], usage)
    : halves(plainBody(plan))
  outgoing.writeHead(200, {
    'content-type': plan.stream ? 'text/event-stream' : 'application/json',
    ...omitUndefined({ 'content-length': plan.stream ? undefined : chunks.join('').length }),
  })
  const end = plan.scenario.kind === 'upstream_aborts' ? chunks.length >> 1 : chunks.length
  for (const chunk of chunks.slice(0, end)) {
    if (outgoing.destroyed) return
    outgoing.write(chunk)
    await pause(plan.chunkIntervalMs)
  }
  if (plan.scenario.kind === 'upstream_aborts') outgoing.destroy()
  else outgoing.end()
}

function plainBody(plan: CallPlan): string {
  const message = { role: 'assistant', content: expectedReply(plan) }
  const choices = [{ index: 0, message, finish_reason: 'stop' }]
  return JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', model: 'gpt-4o-mini', choices, usage })
}

const halves = (text: string): string[] => [text.slice(0, text.length >> 1), text.slice(text.length >> 1)]

function countdown(from: number): { tick(): void; readonly done: Promise<void> } {
  let remaining = from
  let resolve: () => void = () => undefined
  const done = new Promise<void>((resolveDone) => {
    resolve = resolveDone
  })
  const tick = (): void => {
    if (--remaining <= 0) resolve()
  }
  if (from === 0) resolve()
  return { tick, done }
}
