import type { InferenceRecord } from '../../../shared/record/record.ts'

/** The record of a streamed chat completion. Made up, and checked by the compiler like any other record. */
export const exampleRecord: InferenceRecord = {
  v: 1,
  id: '019ac31f4a1c5d0e83b7f2a9c6145e70',
  trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
  context: {
    threadId: 'homework',
    sessionId: 'homework',
    userId: 'ben',
    tags: ['beta'],
    metadata: { lesson: 3 },
    sources: { threadId: 'x-thread-id', userId: 'user' },
  },
  operation: 'chat',
  method: 'POST',
  route: '/v1/chat/completions',
  provider: 'openai',
  upstream: 'default',
  request: {
    model: 'gpt-4o-mini',
    stream: true,
    parameters: { temperature: 0.2 },
    bodyBytes: 142,
    retry: 0,
  },
  response: {
    model: 'gpt-4o-mini-2024-07-18',
    id: 'chatcmpl-8a1',
    status: 200,
    requestId: 'req_51c',
    limits: { 'x-ratelimit-remaining-requests': '9999' },
    bodyBytes: 4_120,
  },
  input: { messages: [{ role: 'user', content: 'Who counts?' }] },
  output: {
    kind: 'choices',
    choices: [{ index: 0, role: 'assistant', content: 'The ledger.', finishReason: 'stop' }],
  },
  usage: { provenance: 'provider', input: 10, output: 4, total: 14 },
  times: { startedAt: 1_795_773_342_236, firstByteMs: 211.4, firstTokenMs: 212.9, durationMs: 503.1 },
  stream: { events: 6, largestGapMs: 74.2 },
  ending: 'completed',
}
