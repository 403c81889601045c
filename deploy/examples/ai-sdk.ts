import { createOpenAI } from '@ai-sdk/openai'
import { streamText } from 'ai'

// The provider reads OPENAI_BASE_URL (http://127.0.0.1:4010/v1) and OPENAI_API_KEY.
const openai = createOpenAI({ headers: { 'x-user-id': 'ada' } })
const thread = 'ai-sdk'

const { textStream } = streamText({
  model: openai.chat('gpt-4o-mini'),
  prompt: 'Where shall I go?',
  headers: { 'x-thread-id': thread },
})
for await (const text of textStream) process.stdout.write(text)
process.stdout.write('\n')
