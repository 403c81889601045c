import { randomBytes } from 'node:crypto'

/** What a model answers: a message of Chat Completions. */
type Message = {
  readonly role: 'assistant'
  readonly content: string | null
  readonly tool_calls?: readonly object[]
}

type AgentRequest = {
  readonly messages: readonly { readonly role: string; readonly content: string | null }[]
  readonly tools?: readonly { readonly function: { readonly name: string } }[]
}

/** What the tools of the demo's agent are called with. */
const calledWith: Readonly<Record<string, readonly object[]>> = {
  get_weather: [{ day: 'today' }, { day: 'tomorrow' }],
  research: [{ task: 'Find a hotel in Lisbon for a family with a dog.' }],
  hand_over: [{}],
}

const answers: Readonly<Record<string, string>> = {
  'You are a hotel researcher.': 'The Ritz takes dogs.',
  'You are a travel writer.': 'Stay at the Ritz, and go out today: tomorrow it rains.',
}

/** Asks for each tool that is offered once, in their order, and then answers. */
export function agentMessage({ messages, tools = [] }: AgentRequest): Message {
  const history = JSON.stringify(messages)
  const next = tools.map((tool) => tool.function.name).find((name) => !history.includes(`"name":"${name}"`))
  if (next === undefined)
    return {
      role: 'assistant',
      content: answers[messages[0]?.content ?? ''] ?? 'A day in Lisbon is well spent.',
    }
  const calls = (calledWith[next] ?? [{}]).map((args) => ({
    id: `call_${randomBytes(12).toString('hex')}`,
    type: 'function',
    function: { name: next, arguments: JSON.stringify(args) },
  }))
  return { role: 'assistant', content: null, tool_calls: calls }
}
