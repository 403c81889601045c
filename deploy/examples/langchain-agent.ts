import { ChatOpenAI } from '@langchain/openai'

const thread = 'langchain-agent'
const threadtap = process.env.OPENAI_BASE_URL ?? 'http://127.0.0.1:4010/v1'
const threadUrl = new URL(`/t/${thread}/v1`, threadtap).href

// Prebuilt agents (createAgent, createReactAgent) call the model themselves, and pass no headers on: a model for each
// thread, whose base URL names it.
const model = new ChatOpenAI({ model: 'gpt-4o-mini', configuration: { baseURL: threadUrl } })

const { text } = await model.invoke('Where shall I go?')
process.stdout.write(`${text}\n`)
