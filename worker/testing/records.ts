import { newRecordId, newSpanId, newTraceId } from '../../shared/record/ids.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'

/** @returns a record of a successful chat call, with these changes */
export function aRecord(changes: Partial<InferenceRecord> = {}): InferenceRecord {
  return {
    v: 1,
    id: newRecordId(Date.now()),
    trace: { traceId: newTraceId(), spanId: newSpanId() },
    context: {
      threadId: 'thread-1',
      sessionId: 'session-1',
      userId: 'user-1',
      traceName: 'ai_chat',
      tags: ['assistant', 'course'],
      metadata: { course: 'maths', level: 3, draft: false, nested: { deep: true } },
    },
    operation: 'chat',
    method: 'POST',
    route: '/v1/chat/completions',
    provider: 'openai',
    upstream: 'default',
    request: {
      model: 'gpt-4o-mini',
      stream: true,
      parameters: { temperature: 0.5, max_tokens: 100 },
      bodyBytes: 120,
      retry: 0,
    },
    response: { model: 'gpt-4o-mini', id: 'chatcmpl-1', status: 200, requestId: 'req-1', bodyBytes: 900 },
    input: [{ role: 'user', content: 'hi' }],
    output: {
      kind: 'choices',
      choices: [{ index: 0, role: 'assistant', content: 'hello', finishReason: 'stop' }],
    },
    usage: { provenance: 'provider', input: 24, output: 57, total: 81, cachedInput: 4, reasoning: 7 },
    times: { startedAt: 1_795_168_664_722, firstByteMs: 250.2, firstTokenMs: 300.4, durationMs: 1500.3 },
    stream: { events: 12, largestGapMs: 40.6 },
    ending: 'completed',
    ...changes,
  }
}

/** @returns a call that the upstream rejected */
export function aFailedRecord(): InferenceRecord {
  const { output: _, ...record } = aRecord({
    ending: 'upstream_error',
    error: { type: 'rate_limit_exceeded', message: 'slow down' },
    usage: { provenance: 'missing' },
    response: { status: 429, bodyBytes: 100 },
  })
  return record
}

/** @returns a transcription: sent as a form, with its model in the request alone */
export function aTranscription(): InferenceRecord {
  const { stream: _, ...record } = aRecord({
    operation: 'audio',
    route: '/v1/audio/transcriptions',
    request: {
      model: 'whisper-1',
      stream: false,
      parameters: { language: 'en', temperature: 0.2 },
      bodyBytes: 5_400,
      retry: 0,
    },
    response: { status: 200, bodyBytes: 17 },
    input: {
      model: 'whisper-1',
      file: { filename: 'a.mp3', mediaType: 'audio/mpeg', bytes: 5_000, sha256: '0'.repeat(64) },
    },
    output: { kind: 'text', text: 'Hello.' },
    usage: { provenance: 'missing' },
  })
  return record
}
