import { type RunnableConfig, RunnableLambda } from '@langchain/core/runnables'
import { ChatOpenAI } from '@langchain/openai'

// The client inside reads OPENAI_BASE_URL (http://127.0.0.1:4010/v1) and OPENAI_API_KEY.
const model = new ChatOpenAI({
  model: 'gpt-4o-mini',
  configuration: { defaultHeaders: { 'x-user-id': 'ada' } },
})

/** A step of a chain; a LangGraph node gets the same `config` and can use it in the same way. */
async function answer(question: string, config: RunnableConfig) {
  const headers = { 'x-thread-id': config.configurable?.thread_id }
  return model.invoke(question, { ...config, options: { headers } })
}

const { text } = await RunnableLambda.from(answer).invoke('Where shall I go?', {
  configurable: { thread_id: 'langchain' },
})
process.stdout.write(`${text}\n`)
