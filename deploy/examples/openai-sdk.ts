import OpenAI from 'openai'

// The client reads OPENAI_BASE_URL (http://127.0.0.1:4010/v1) and OPENAI_API_KEY.
const openai = new OpenAI({ defaultHeaders: { 'x-user-id': 'ada' } })

// Who is known once for all calls stands in the client; what differs stands with each call.
const answer = await openai.chat.completions.create(
  { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Where shall I go?' }] },
  { headers: { 'x-thread-id': 'openai-sdk', 'x-tags': 'holiday,example' } },
)
process.stdout.write(`${answer.choices[0]?.message.content}\n`)
