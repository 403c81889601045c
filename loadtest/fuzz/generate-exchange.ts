import type { Random } from '../random/random.ts'
import type { Exchange } from './exchange.ts'

const words = ['', 'Hello', ' wörld', ' 🦜', '\\n', ' "usage"', '\u2028', ' data: ', ' [DONE]', '\\u0000']
const usage = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 }
const envelope = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'm' }

/** Generates an exchange of a kind that providers have. */
export function generateExchange(random: Random): Exchange {
  return random.pick([chatStream, chatStream, chatStream, responsesStream, chat, embeddings, failure, sound])(
    random,
  )
}

function chatStream(random: Random): Exchange {
  const event = (data: unknown) => `${lineStart(random)}${JSON.stringify(data)}\n\n`
  const frames = Array.from({ length: random.integer(0, 60) }, () =>
    event({ ...envelope, choices: [{ index: 0, delta: delta(random), finish_reason: null }] }),
  )
  if (random.chance(0.8)) frames.push(event({ ...envelope, choices: [], usage, ...extra(random) }))
  if (random.chance(0.9)) frames.push('data: [DONE]\n\n')
  if (random.chance(0.2)) frames.splice(random.integer(0, frames.length), 0, ': keep-alive\n\n')
  const lineEnd = random.pick(['\n', '\n', '\r\n', '\r'])
  const body = frames.join('').replaceAll('\n', lineEnd)
  return exchange('chat stream', '/chat/completions', body, { mediaType: 'text/event-stream' })
}

const lineStart = (random: Random): string => random.pick(['data: ', 'data: ', 'data:', 'id: 7\ndata: '])

/** Members that keep a frame from being usage-only, so that it must not be removed. */
const extra = (random: Random): object => (random.chance(0.2) ? { citations: ['http://127.0.0.1/'] } : {})

function delta(random: Random): object {
  const text = random.pick(words).repeat(random.integer(1, 4))
  if (random.chance(0.1)) return { reasoning_content: text }
  if (random.chance(0.1))
    return { tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: text } }] }
  return { content: text }
}

function responsesStream(random: Random): Exchange {
  const events = Array.from({ length: random.integer(1, 40) }, () => ({
    type: 'response.output_text.delta',
    output_index: 0,
    delta: random.pick(words),
  }))
  const last = { type: 'response.completed', response: { id: 'resp_1', output: [], usage } }
  const text = [...events, last].map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`)
  return exchange('responses stream', '/responses', text.join(''), { mediaType: 'text/event-stream' })
}

const chat = (random: Random): Exchange =>
  exchange(
    'chat',
    '/chat/completions',
    JSON.stringify({ ...envelope, choices: [{ index: 0, message: { content: random.pick(words) } }], usage }),
  )

const embeddings = (random: Random): Exchange => {
  const embedding = Array.from({ length: random.integer(0, 3_000) }, () => random.integer(0, 1e6) / 1e6)
  const body = JSON.stringify({ object: 'list', data: [{ index: 0, embedding }], usage })
  return exchange('embeddings', '/embeddings', body)
}

const failure = (random: Random): Exchange =>
  exchange(
    'failure',
    '/chat/completions',
    random.pick(['{"error":{"message":"no","code":"x"}}', '{"detail":"no"}', '<html>Bad Gateway</html>', '']),
    { status: random.pick([400, 401, 404, 422, 429, 500, 502, 503, 529]) },
  )

const sound = (random: Random): Exchange =>
  exchange('sound', '/audio/speech', random.bytes(random.integer(0, 20_000)), { mediaType: 'audio/mpeg' })

function exchange(
  name: string,
  path: string,
  body: string | Buffer,
  { status = 200, mediaType = 'application/json' } = {},
): Exchange {
  const request = Buffer.from('{"model":"m","messages":[{"role":"user","content":"hi"}]}')
  return { name: `generated ${name}`, path, request, status, mediaType, body: Buffer.from(body) }
}
