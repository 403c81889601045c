import type OpenAI from 'openai'
import { planTrip } from './trip-agent.ts'

/** One conversation, or part of one. */
export type Talk = (client: OpenAI, signal: AbortSignal) => Promise<unknown>

/** What people ask a model that tells long stories slowly, and what else happens meanwhile. */
export const talks: readonly Talk[] = [
  story('travel-blog', 'ada', 'Tell me how a letter crossed the sea.'),
  story('bedtime', 'ben', 'Tell me of the lighthouse that counted ships.'),
  (client) => planTrip(client),
  overloaded(),
  story('release-notes', 'cleo', 'Say what a queue does all day.'),
  embedding(),
]

function story(thread: string, user: string, content: string): Talk {
  return async (client, signal) => {
    const stream = await client.chat.completions.create(
      { model: 'demo-storyteller', messages: [{ role: 'user', content }], stream: true },
      { ...attributedTo(thread, user), signal },
    )
    for await (const _ of stream) if (signal.aborted) return
  }
}

function overloaded(): Talk {
  return (client, signal) =>
    client.chat.completions.create(
      { model: 'overloaded-model', messages: [{ role: 'user', content: 'Are you there?' }] },
      { ...attributedTo('trouble', 'dora'), signal },
    )
}

function embedding(): Talk {
  return (client, signal) =>
    client.embeddings.create(
      { model: 'demo-embedding', input: 'warm places' },
      { ...attributedTo('weather', 'cleo'), signal },
    )
}

const attributedTo = (thread: string, user: string) => ({
  headers: { 'x-thread-id': thread, 'x-user-id': user, 'x-tags': 'demo' },
})
