import { Agent, OpenAIProvider, Runner } from '@openai/agents'
import OpenAI from 'openai'

/** A runner for one thread. The client reads OPENAI_BASE_URL (http://127.0.0.1:4010/v1) and OPENAI_API_KEY. */
function runnerFor(thread: string, userId: string): Runner {
  const defaultHeaders = { 'x-thread-id': thread, 'x-user-id': userId, 'x-agent-key': 'travel' }
  const openAIClient = new OpenAI({ defaultHeaders })
  // The SDK's own tracing would send the conversation to OpenAI a second time, bypassing threadtap.
  return new Runner({ modelProvider: new OpenAIProvider({ openAIClient }), tracingDisabled: true })
}

const agent = new Agent({ name: 'Travel', instructions: 'You know the world.', model: 'gpt-4o-mini' })
const { finalOutput } = await runnerFor('openai-agents', 'ada').run(agent, 'Where shall I go?')
process.stdout.write(`${finalOutput}\n`)
