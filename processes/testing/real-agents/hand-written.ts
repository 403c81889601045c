import OpenAI from 'openai'
import { type AgentProgram, apiKey, instructions, model, weatherOf } from './agent-program.ts'

type Messages = OpenAI.ChatCompletionMessageParam[]
type Tools = Readonly<Record<string, (args: Record<string, string>) => string | Promise<string>>>

/** The loop of every tutorial: call, run tools, append, call again. */
async function loop(client: OpenAI, messages: Messages, tools: Tools): Promise<string> {
  const described = Object.keys(tools).map((name) => ({
    type: 'function' as const,
    function: { name, parameters: { type: 'object' } },
  }))
  for (;;) {
    const { choices } = await client.chat.completions.create({
      model,
      messages,
      ...(described.length > 0 && { tools: described }),
    })
    const message = choices[0]?.message
    if (message?.tool_calls === undefined) return message?.content ?? ''
    messages.push(message)
    const results = message.tool_calls.map(async (call) => {
      if (call.type !== 'function') throw new Error(`unknown tool call ${call.type}`)
      const content = await tools[call.function.name]?.(JSON.parse(call.function.arguments))
      return { role: 'tool' as const, tool_call_id: call.id, content: content ?? '' }
    })
    messages.push(...(await Promise.all(results)))
  }
}

export const handWritten: AgentProgram = (baseURL, question) => {
  const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 })
  const start = (system: string, content: string): Messages => [
    { role: 'system', content: system },
    { role: 'user', content },
  ]
  return loop(client, start(instructions.planner, question), {
    get_weather: ({ day = '' }) => weatherOf({ day }),
    research: ({ input = '' }) => loop(client, start(instructions.researcher, input), {}),
  })
}
