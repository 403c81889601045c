import { tool } from '@langchain/core/tools'
import { createReactAgent } from '@langchain/langgraph/prebuilt'
import { ChatOpenAI } from '@langchain/openai'
import { z } from 'zod'
import { type AgentProgram, apiKey, instructions, model, weatherOf } from './agent-program.ts'

/** The prebuilt agent, and another one as a tool. */
export const langgraph: AgentProgram = async (baseURL, question) => {
  const llm = new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL } })
  const getWeather = tool(weatherOf, {
    name: 'get_weather',
    description: 'the weather',
    schema: z.object({ day: z.string(), town: z.string() }),
  })
  const researcher = createReactAgent({ llm, tools: [], prompt: instructions.researcher })
  const research = tool(({ input }) => ask(researcher, input), {
    name: 'research',
    description: 'finds hotels',
    schema: z.object({ input: z.string() }),
  })
  return ask(createReactAgent({ llm, tools: [getWeather, research], prompt: instructions.planner }), question)
}

type ReactAgent = ReturnType<typeof createReactAgent>

async function ask(agent: ReactAgent, content: string): Promise<string> {
  const { messages } = await agent.invoke({ messages: [{ role: 'user', content }] })
  return messages.at(-1)?.text ?? ''
}
