import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import {
  answerJson,
  chatEvents,
  type FakeUpstream,
  startFakeUpstream,
} from '../../../shared/testing/fake-upstream.ts'
import { type CallPlan, sentenceOf } from '../plan.ts'

export type IsolationModel = {
  readonly upstream: FakeUpstream
  /** Tells it who will come. */
  expect(plans: readonly CallPlan[]): void
  /** The words that it was asked, in the order of their coming. */
  readonly asked: readonly string[]
  /** The most calls that were open here at one moment. */
  readonly mostAtOnce: () => number
}

const usage = { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 }

/**
 * Repeats each caller's word, as late, as slowly and as far as the call's plan says. It answers nobody before
 * everybody who will wait has asked, so that all calls are open at once.
 */
export async function startModel(): Promise<IsolationModel> {
  let planByWord: ReadonlyMap<string, CallPlan> = new Map()
  let everybody = countdown(0)
  const asked: string[] = []
  let open = 0
  let most = 0

  const upstream = await startFakeUpstream(async (request, outgoing) => {
    const word = /word-[0-9a-f]{8}/.exec(request.body.toString())?.[0] ?? ''
    const plan = planByWord.get(word)
    asked.push(word)
    if (plan === undefined)
      return answerJson({ error: { message: 'Nobody plans that.' } }, 500)(request, outgoing)
    most = Math.max(most, ++open)
    outgoing.once('close', () => open--)
    if (stays(plan)) everybody.tick()
    await everybody.done
    await pause(plan.thinkMs)
    await answer(plan, outgoing)
  })
  return {
    upstream,
    expect(plans) {
      planByWord = new Map(plans.map((plan) => [plan.word, plan]))
      everybody = countdown(plans.filter(stays).length)
    },
    asked,
    mostAtOnce: () => most,
  }
}

const stays = ({ fate }: CallPlan): boolean => fate.kind !== 'leaves_before_answer'

async function answer(plan: CallPlan, outgoing: ServerResponse): Promise<void> {
  const pieces = plan.stream
    ? chatEvents(sentenceOf(plan).match(/.{1,7}/g) ?? [], usage)
    : halves(plainBody(plan))
  outgoing.writeHead(200, {
    'content-type': plan.stream ? 'text/event-stream' : 'application/json',
    ...(!plan.stream && { 'content-length': pieces.join('').length }),
  })
  const cutAt = plan.fate.kind === 'cut' ? pieces.length >> 1 : pieces.length
  for (const piece of pieces.slice(0, cutAt)) {
    if (outgoing.destroyed) return
    outgoing.write(piece)
    await pause(plan.pauseMs)
  }
  if (plan.fate.kind === 'cut') outgoing.destroy()
  else outgoing.end()
}

function plainBody(plan: CallPlan): string {
  const message = { role: 'assistant', content: sentenceOf(plan) }
  const choices = [{ index: 0, message, finish_reason: 'stop' }]
  return JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', model: 'gpt-4o-mini', choices, usage })
}

const halves = (text: string): string[] => [text.slice(0, text.length >> 1), text.slice(text.length >> 1)]

function countdown(from: number): { tick(): void; readonly done: Promise<void> } {
  let left = from
  let resolve: () => void = () => undefined
  const done = new Promise<void>((told) => {
    resolve = told
  })
  const tick = (): void => {
    if (--left <= 0) resolve()
  }
  if (from === 0) resolve()
  return { tick, done }
}
