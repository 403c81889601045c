import { randomBytes } from 'node:crypto'
import { type Answer, answerJson, answerStream } from '../../../shared/testing/fake-upstream.ts'

/** What the model reads of a request of either API. */
type ModelRequest = {
  readonly stream?: boolean
  readonly messages?: readonly unknown[]
  readonly input?: unknown
  readonly tools?: readonly { readonly name?: string; readonly function?: { readonly name: string } }[]
}

type ToolCall = { readonly id: string; readonly name: string; readonly args: string }

/** What the model does next: it calls tools, or it answers. */
type Turn = { readonly calls: readonly ToolCall[]; readonly text: string }

/** As random as ids of real models are. */
const freshId = (prefix: string): string => `${prefix}${randomBytes(12).toString('hex')}`

/**
 * A model without memory: it calls each of its tools once, in the order in which they are offered, and then answers. What it
 * says and calls them with is about the place that the conversation names (`Town-001`).
 */
export const scriptedModel: Answer = (request, outgoing) => {
  const body = JSON.parse(request.body.toString()) as ModelRequest
  const turn = nextTurn(body)
  if (request.url === '/v1/responses') return answerJson(response(turn))(request, outgoing)
  if (body.stream === true) return answerStream(chatChunks(turn))(request, outgoing)
  return answerJson(completion(turn))(request, outgoing)
}

function nextTurn({ messages, input, tools = [] }: ModelRequest): Turn {
  const history = JSON.stringify(messages ?? input)
  const town = /Town-\d+/.exec(history)?.[0] ?? 'nowhere'
  const names = tools.map(({ name, function: described }) => described?.name ?? name ?? '')
  const next = names.find((name) => !history.includes(`"name":"${name}"`))
  if (next === undefined) return { calls: [], text: `Stay at the Ritz of ${town}, and take an umbrella.` }
  return {
    calls: argumentsOf(next, town).map((args) => ({
      id: freshId('call_'),
      name: next,
      args: JSON.stringify(args),
    })),
    text: '',
  }
}

function argumentsOf(tool: string, town: string): readonly object[] {
  if (tool === 'get_weather')
    return [
      { day: 'today', town },
      { day: 'tomorrow', town },
    ]
  if (tool === 'research') return [{ input: `Find the best hotel in ${town} for a family with a dog.` }]
  if (tool === 'check_spelling') return [{ text: `The Ritz of ${town}` }]
  return [{}]
}

const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 }

const toolCallsOf = ({ calls }: Turn) =>
  calls.map(({ id, name, args }, index) => ({
    index,
    id,
    type: 'function',
    function: { name, arguments: args },
  }))

const finishOf = ({ calls }: Turn): string => (calls.length > 0 ? 'tool_calls' : 'stop')

function completion(turn: Turn): object {
  const toolCalls = toolCallsOf(turn).map(({ index: _, ...call }) => call)
  const message = {
    role: 'assistant',
    content: turn.text || null,
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  }
  return {
    id: freshId('chatcmpl-'),
    object: 'chat.completion',
    created: 1,
    model: 'gpt-4o-mini',
    choices: [{ index: 0, finish_reason: finishOf(turn), message }],
    usage,
  }
}

function chatChunks(turn: Turn): readonly string[] {
  const id = freshId('chatcmpl-')
  const chunk = (fields: object) =>
    `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1, model: 'gpt-4o-mini', ...fields })}\n\n`
  const delta = turn.calls.length > 0 ? { tool_calls: toolCallsOf(turn) } : { content: turn.text }
  return [
    chunk({ choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: null }] }),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: finishOf(turn) }] }),
    chunk({ choices: [], usage }),
    'data: [DONE]\n\n',
  ]
}

function response({ calls, text }: Turn): object {
  const message = {
    id: freshId('msg_'),
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [] }],
  }
  const asked = calls.map(({ id, name, args }) => ({
    id: freshId('fc_'),
    type: 'function_call',
    status: 'completed',
    call_id: id,
    name,
    arguments: args,
  }))
  return {
    id: freshId('resp_'),
    object: 'response',
    created_at: 1,
    model: 'gpt-4o-mini',
    status: 'completed',
    output: calls.length > 0 ? asked : [message],
    usage: { input_tokens: 20, output_tokens: 5, total_tokens: 25 },
  }
}
