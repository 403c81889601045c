import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents'
import { z } from 'zod'
import { type AgentProgram, apiKey, instructions, model, weatherOf } from './agent-program.ts'

const openaiAgents =
  (useResponses: boolean): AgentProgram =>
  async (baseURL, question) => {
    const getWeather = tool({
      name: 'get_weather',
      description: 'the weather',
      parameters: z.object({ day: z.string(), town: z.string() }),
      execute: weatherOf,
    })
    const checkSpelling = tool({
      name: 'check_spelling',
      description: 'checks a text',
      parameters: z.object({ text: z.string() }),
      execute: () => 'no mistakes',
    })
    const modelProvider = new OpenAIProvider({ baseURL, apiKey, useResponses })
    const runner = new Runner({ modelProvider, tracingDisabled: true })
    const researcher = new Agent({ name: 'Researcher', instructions: instructions.researcher, model })
    const writer = new Agent({
      name: 'Writer',
      instructions: instructions.writer,
      model,
      tools: [checkSpelling],
    })
    const research = researcher.asTool({
      toolName: 'research',
      toolDescription: 'finds hotels',
      runConfig: { modelProvider, tracingDisabled: true },
    })
    const planner = new Agent({
      name: 'Planner',
      instructions: instructions.planner,
      model,
      tools: [getWeather, research],
      handoffs: [writer],
    })
    const { finalOutput } = await runner.run(planner, question)
    return finalOutput ?? ''
  }

/** With an agent as a tool and a handoff to a writer, over the Responses API, the SDK's default. */
export const openaiAgentsResponses = openaiAgents(true)

/** The same over Chat Completions. */
export const openaiAgentsChat = openaiAgents(false)
