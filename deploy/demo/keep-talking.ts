import { setTimeout as pause } from 'node:timers/promises'
import OpenAI, { APIError } from 'openai'
import { type Talk, talks } from './talks.ts'

/** So that something is in flight nearly always, and a machine has nothing to do with it. */
const pauseMs = 700

/**
 * Goes on talking until the signal aborts, one talk after another, two at a time: there is something to see on the Live page.
 * Threads and models are those of the list, again and again, so that nothing grows but the local store, which is bounded.
 */
export async function keepTalking(baseURL: string, signal: AbortSignal): Promise<void> {
  const client = new OpenAI({ baseURL, apiKey: 'demo', maxRetries: 0 })
  const one = async (first: number): Promise<void> => {
    for (let at = first; !signal.aborted; at += 2) {
      const talk = talks[at % talks.length]
      if (talk !== undefined) await hold(client, talk, signal)
      await pause(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
  await Promise.all([one(0), one(1)])
}

/** Errors of the API belong to the demo: some models are overloaded. */
async function hold(client: OpenAI, talk: Talk, signal: AbortSignal): Promise<void> {
  try {
    await talk(client, signal)
  } catch (cause) {
    if (!signal.aborted && !(cause instanceof APIError)) throw cause
  }
}
