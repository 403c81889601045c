import type { InferenceRecord } from '../record/record.ts'

/** @returns a minimal record with the number as its id */
export function numberedRecord(number: number): InferenceRecord {
  return {
    v: 1,
    id: String(number),
    trace: { traceId: '0'.repeat(32), spanId: '0'.repeat(16) },
    context: { tags: [], metadata: {} },
    operation: 'chat',
    method: 'POST',
    route: '/v1/chat/completions',
    provider: 'openai',
    upstream: 'default',
    request: { stream: false, parameters: {}, bodyBytes: 0, retry: 0 },
    response: { bodyBytes: 0 },
    usage: { provenance: 'missing' },
    times: { startedAt: 0, durationMs: 0 },
    ending: 'completed',
  }
}
