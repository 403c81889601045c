import { createOpenAI } from '@ai-sdk/openai'
import { generateText, stepCountIs, streamText, tool } from 'ai'
import { z } from 'zod'
import { type AgentProgram, apiKey, instructions, model, weatherOf } from './agent-program.ts'

const getWeather = tool({ inputSchema: z.object({ day: z.string(), town: z.string() }), execute: weatherOf })

/** Multi-step tools over Chat Completions, as streams; the researcher too. */
export const aiSdkStreams: AgentProgram = async (baseURL, question) => {
  const openai = createOpenAI({ baseURL, apiKey })
  const research = tool({
    inputSchema: z.object({ input: z.string() }),
    execute: async ({ input }) =>
      streamText({ model: openai.chat(model), system: instructions.researcher, prompt: input }).text,
  })
  const { text } = streamText({
    model: openai.chat(model),
    system: instructions.planner,
    prompt: question,
    tools: { get_weather: getWeather, research },
    stopWhen: stepCountIs(9),
  })
  return text
}

/** Multi-step tools over the Responses API, the provider's default. */
export const aiSdkResponses: AgentProgram = async (baseURL, question) => {
  const openai = createOpenAI({ baseURL, apiKey })
  const research = tool({
    inputSchema: z.object({ input: z.string() }),
    execute: async ({ input }) =>
      (await generateText({ model: openai(model), system: instructions.researcher, prompt: input })).text,
  })
  const { text } = await generateText({
    model: openai(model),
    system: instructions.planner,
    prompt: question,
    tools: { get_weather: getWeather, research },
    stopWhen: stepCountIs(9),
  })
  return text
}
