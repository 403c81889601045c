import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { agentMessage } from './fake-agent-model.ts'
import { storyFor } from './stories.ts'

type ChatRequest = {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string | null }[]
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean }
  readonly tools?: readonly { readonly function: { readonly name: string } }[]
}

const replies = [
  'A sidecar sees every call and slows none of them.',
  'Streams carry their usage in one last frame, and only for those who ask.',
  'Two threads under one roof should never share a diary.',
  'What was accepted is delivered, or it is counted.',
]

/** A model API that needs no account: it serves chat completions, tool calls and embeddings, and fails for `overloaded-model`. */
export async function startFakeModel(): Promise<{ baseUrl: string; server: Server }> {
  const server = createServer((incoming, outgoing) => {
    // What clients ask to see whether it is there.
    if (incoming.method === 'GET' && incoming.url === '/v1/models') return send(outgoing, 200, models)
    json(incoming)
      .then((body) => respond(incoming.url ?? '', body, outgoing))
      .catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, server }
}

async function respond(url: string, body: unknown, outgoing: ServerResponse): Promise<void> {
  if (url === '/v1/embeddings') return send(outgoing, 200, embedding())
  if (url !== '/v1/chat/completions')
    return send(outgoing, 404, { error: { message: `no such path: ${url}` } })
  const request = body as ChatRequest
  if (request.model === 'overloaded-model') {
    return send(outgoing, 503, {
      error: { message: 'The model is overloaded.', type: 'server_error', code: 'overloaded' },
    })
  }
  if (request.model === 'demo-storyteller') return tellStory(outgoing, request)
  if (request.model === 'demo-agent') return sendAgentMessage(outgoing, request)
  if (request.tools?.[0] !== undefined)
    return send(outgoing, 200, toolCall(request, request.tools[0].function.name))
  const words = (replies[request.messages.length % replies.length] ?? '').split(/(?<= )/)
  if (request.stream === true) return stream(outgoing, request, words, wordMs)
  return send(
    outgoing,
    200,
    completion(request, { role: 'assistant', content: words.join('') }, 'stop', words.length),
  )
}

/** After a while, so that its run has times worth drawing. */
async function sendAgentMessage(outgoing: ServerResponse, request: ChatRequest): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 200 + 40 * request.messages.length))
  const message = agentMessage(request)
  const [finish, words] =
    message.content === null ? ['tool_calls', 8] : ['stop', message.content.split(' ').length]
  send(outgoing, 200, completion(request, message, finish, words))
}

const models = {
  object: 'list',
  data: ['demo-model', 'demo-agent', 'demo-storyteller', 'demo-embedding'].map((id) => ({
    id,
    object: 'model',
  })),
}

function send(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const usageOf = (request: ChatRequest, words: number) => {
  const promptTokens = request.messages.reduce(
    (sum, { content }) => sum + (content ?? '').split(' ').length,
    0,
  )
  return { prompt_tokens: promptTokens, completion_tokens: words, total_tokens: promptTokens + words }
}

const completion = (request: ChatRequest, message: object, finish_reason: string, words: number) => ({
  id: `chatcmpl-${Date.now()}`,
  object: 'chat.completion',
  model: request.model,
  choices: [{ index: 0, message, finish_reason }],
  usage: usageOf(request, words),
})

const toolCall = (request: ChatRequest, name: string) => {
  const call = { id: 'call_demo', type: 'function', function: { name, arguments: '{"city":"Lisbon"}' } }
  return completion(request, { role: 'assistant', content: null, tool_calls: [call] }, 'tool_calls', 8)
}

const embedding = () => ({
  object: 'list',
  model: 'demo-embedding',
  data: [{ object: 'embedding', index: 0, embedding: Array.from({ length: 8 }, (_, at) => at / 8) }],
  usage: { prompt_tokens: 5, total_tokens: 5 },
})

/** Between two words of a stream. */
const wordMs = 30
const storyWordMs = 120

async function tellStory(outgoing: ServerResponse, request: ChatRequest): Promise<void> {
  const words = storyFor(request.messages.at(-1)?.content ?? '').split(/(?<= )/)
  await stream(outgoing, request, words, storyWordMs)
}

async function stream(
  outgoing: ServerResponse,
  request: ChatRequest,
  words: readonly string[],
  pauseMs: number,
): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
  const head = { id: `chatcmpl-${Date.now()}`, object: 'chat.completion.chunk', model: request.model }
  const event = (fields: object) => outgoing.write(`data: ${JSON.stringify({ ...head, ...fields })}\n\n`)
  event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] })
  for (const content of words) {
    if (outgoing.destroyed) return
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    event({ choices: [{ index: 0, delta: { content } }] })
  }
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
  if (request.stream_options?.include_usage === true)
    event({ choices: [], usage: usageOf(request, words.length) })
  outgoing.end('data: [DONE]\n\n')
}
