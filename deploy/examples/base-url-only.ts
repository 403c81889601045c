import OpenAI from 'openai'

// For tools that let you set a base URL and nothing else: the thread stands in the path.
// OPENAI_BASE_URL=http://127.0.0.1:4010/t/<thread id>/v1
const threadtap = process.env.OPENAI_BASE_URL ?? 'http://127.0.0.1:4010/v1'
const openai = new OpenAI({ baseURL: new URL('/t/base-url-only/v1', threadtap).href })

const answer = await openai.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Where shall I go?' }],
})
process.stdout.write(`${answer.choices[0]?.message.content}\n`)
