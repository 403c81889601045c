import OpenAI from 'openai'

// For tools that only let you set a base URL: the thread is part of the path.
// OPENAI_BASE_URL=http://127.0.0.1:4010/t/<thread id>/v1
const threadtap = process.env.OPENAI_BASE_URL ?? 'http://127.0.0.1:4010/v1'
const openai = new OpenAI({ baseURL: new URL('/t/base-url-only/v1', threadtap).href })

const completion = await openai.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Where shall I go?' }],
})
process.stdout.write(`${completion.choices[0]?.message.content}\n`)
