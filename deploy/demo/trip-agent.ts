import { setTimeout as sleep } from 'node:timers/promises'
import type OpenAI from 'openai'

const model = 'demo-agent'

type Agent = { readonly instructions: string; readonly tools: Tools }
/** What a tool returns; an agent in place of a text takes over. */
type Tools = Readonly<Record<string, (args: Readonly<Record<string, string>>) => Promise<string | Agent>>>

/** A planner with a tool, an agent as a tool, and one that it hands over to. It sends no ids: its calls are linked by what they hold. */
export async function planTrip(client: OpenAI): Promise<void> {
  const researcher: Agent = { instructions: 'You are a hotel researcher.', tools: {} }
  const writer: Agent = { instructions: 'You are a travel writer.', tools: {} }
  const planner: Agent = {
    instructions: 'You are a trip planner.',
    tools: {
      get_weather: async ({ day }) => {
        await sleep(120)
        return day === 'today' ? 'sunny' : 'rainy'
      },
      research: ({ task = '' }) => runAgent(client, researcher, task),
      hand_over: async () => writer,
    },
  }
  await runAgent(client, planner, 'Plan a day in Lisbon.')
}

async function runAgent(client: OpenAI, first: Agent, question: string): Promise<string> {
  let agent = first
  const history: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: question }]
  for (;;) {
    const tools = Object.keys(agent.tools).map((name) => ({ type: 'function' as const, function: { name } }))
    const messages = [{ role: 'system' as const, content: agent.instructions }, ...history]
    const { choices } = await client.chat.completions.create({
      model,
      messages,
      ...(tools.length > 0 && { tools }),
    })
    const message = choices[0]?.message
    if (message?.tool_calls === undefined) return message?.content ?? ''
    const calls = message.tool_calls.filter((call) => call.type === 'function')
    const results = await Promise.all(
      calls.map(({ function: { name, arguments: args } }) => agent.tools[name]?.(JSON.parse(args))),
    )
    history.push(
      message,
      ...calls.map(({ id }, at) => {
        const result = results[at]
        return {
          role: 'tool' as const,
          tool_call_id: id,
          content: typeof result === 'string' ? result : 'ok',
        }
      }),
    )
    agent = results.find((result) => typeof result === 'object') ?? agent
  }
}
