import { type Answer, answerJson, answerStream, chatEvents } from '../../../shared/testing/fake-upstream.ts'

export const reply = 'To the sea.'

const chatUsage = { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9 }

const chatResponse = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: reply } }],
  usage: chatUsage,
}

const responsesResponse = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt-4o-mini',
  status: 'completed',
  output: [
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: reply, annotations: [] }],
    },
  ],
  usage: { input_tokens: 5, output_tokens: 4, total_tokens: 9 },
}

/** Responds to the examples in the API that each one calls. */
export const respondToExample: Answer = (request, outgoing) => {
  const { stream } = JSON.parse(request.body.toString()) as { readonly stream?: boolean }
  if (request.url === '/v1/responses') return answerJson(responsesResponse)(request, outgoing)
  if (request.url !== '/v1/chat/completions')
    return answerJson({ error: { message: 'No.' } }, 404)(request, outgoing)
  if (stream === true) return answerStream(chatEvents([reply], chatUsage))(request, outgoing)
  return answerJson(chatResponse)(request, outgoing)
}
