import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { parseJson } from '../../../shared/json.ts'
import { chatEvents, type FakeUpstream, startFakeUpstream } from '../../../shared/testing/fake-upstream.ts'
import { waitFor } from './wait-for.ts'

/** A fake model whose answer depends on the request alone, so that the bytes a client must get are known. */
export type Model = {
  readonly upstream: FakeUpstream
  /** The next calls are held: streams stop after their first frames, plain answers wait, until they are released. */
  hold(calls: number): void
  release(): void
  /** Resolves when that many calls are held. */
  untilHeld(calls: number): Promise<void>
}

export type ModelCall = { readonly word: string; readonly stream: boolean }

const usage = { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 }
const frameIntervalMs = 2

const wordsOf = (word: string): readonly string[] => Array.from({ length: 8 }, (_, at) => `${word}-${at} `)

/** What a client must get that says nothing about usage. */
export function expectedBody({ word, stream }: ModelCall): string {
  return stream ? chatEvents(wordsOf(word)).join('') : plainBody(word)
}

function plainBody(word: string): string {
  const message = { role: 'assistant', content: wordsOf(word).join('') }
  const choices = [{ index: 0, message, finish_reason: 'stop' }]
  return JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', model: 'gpt-4o-mini', choices, usage })
}

export async function startModel(): Promise<Model> {
  let released: Promise<void> = Promise.resolve()
  let release: () => void = () => undefined
  let held = 0

  async function waitForRelease(isHeld: boolean): Promise<void> {
    if (!isHeld) return
    held++
    await released
    held--
  }

  let toHold = 0
  const upstream = await startFakeUpstream(async (request, outgoing) => {
    const body = (parseJson(request.body.toString()) ?? {}) as { stream?: boolean; stream_options?: object }
    const word = /word-[0-9a-f]+/.exec(request.body.toString())?.[0] ?? ''
    const isHeld = toHold-- > 0
    if (body.stream === true) {
      const events = chatEvents(wordsOf(word), body.stream_options === undefined ? undefined : usage)
      return stream(events, outgoing, () => waitForRelease(isHeld))
    }
    await waitForRelease(isHeld)
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(plainBody(word))
  })

  return {
    upstream,
    hold(calls) {
      toHold = calls
      released = new Promise((resolve) => {
        release = resolve
      })
    },
    release() {
      toHold = 0
      release()
    },
    untilHeld: (calls) =>
      waitFor(
        () => `${calls} calls to reach the model, of which ${held} have`,
        () => held >= calls,
      ),
  }
}

async function stream(
  events: readonly string[],
  outgoing: ServerResponse,
  afterFirst: () => Promise<void>,
): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const [at, event] of events.entries()) {
    if (outgoing.destroyed) return
    outgoing.write(event)
    if (at === 1) await afterFirst()
    await pause(frameIntervalMs)
  }
  outgoing.end()
}
