import OpenAI, { APIError } from 'openai'
import { planTrip } from './trip-agent.ts'

const model = 'demo-model'

/**
 * Several threads call concurrently through the real client, as an application would: streams, a plain call, a
 * tool call, an embedding, an agent, and one call that fails.
 */
export async function holdConversations(baseURL: string): Promise<void> {
  const client = new OpenAI({ baseURL, apiKey: 'demo', maxRetries: 0 })
  await Promise.all([
    streamedThread(client, 'holiday', 'ada', ['Where shall I go?', 'And what should I pack?']),
    streamedThread(client, 'homework', 'ben', ['What is a sidecar?', 'Why a queue?', 'Who counts?']),
    toolThread(client),
    failingThread(client),
    planTrip(client),
  ])
}

const attributedTo = (thread: string, user: string) => ({
  headers: { 'x-thread-id': thread, 'x-user-id': user, 'x-tags': 'demo' },
})

async function streamedThread(client: OpenAI, thread: string, user: string, questions: readonly string[]) {
  const messages: OpenAI.ChatCompletionMessageParam[] = []
  for (const content of questions) {
    messages.push({ role: 'user', content })
    const stream = await client.chat.completions.create(
      { model, messages, stream: true },
      attributedTo(thread, user),
    )
    let reply = ''
    for await (const chunk of stream) reply += chunk.choices[0]?.delta.content ?? ''
    messages.push({ role: 'assistant', content: reply })
  }
}

async function toolThread(client: OpenAI) {
  const tools: OpenAI.ChatCompletionTool[] = [
    { type: 'function', function: { name: 'weather', parameters: {} } },
  ]
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Is it warm in Lisbon?' }]
  const options = attributedTo('weather', 'cleo')
  await client.chat.completions.create({ model, messages, tools, temperature: 0.2 }, options)
  await client.embeddings.create({ model: 'demo-embedding', input: 'warm places' }, options)
  await client.chat.completions.create({ model, messages }, options)
}

async function failingThread(client: OpenAI) {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Are you there?' }]
  try {
    await client.chat.completions.create(
      { model: 'overloaded-model', messages },
      attributedTo('trouble', 'dora'),
    )
  } catch (cause) {
    if (!(cause instanceof APIError)) throw cause
  }
}
