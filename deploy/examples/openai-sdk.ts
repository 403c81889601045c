import OpenAI from 'openai'

// The client reads OPENAI_BASE_URL (http://127.0.0.1:4010/v1) and OPENAI_API_KEY.
const openai = new OpenAI({ defaultHeaders: { 'x-user-id': 'ada', 'x-tags': 'holiday,example' } })
const thread = 'openai-sdk'

// Headers common to all calls belong to the client, the others to each call.
const completion = await openai.chat.completions.create(
  { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Where shall I go?' }] },
  { headers: { 'x-thread-id': thread } },
)
process.stdout.write(`${completion.choices[0]?.message.content}\n`)
