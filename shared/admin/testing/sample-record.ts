import type { CallContext, InferenceRecord } from '../../record/record.ts'

type SampleFields = Partial<Omit<InferenceRecord, 'context'>> & { readonly context?: Partial<CallContext> }

/** A plain chat call that went well, with what a test wants different about it. */
export function sampleRecord({ context, ...fields }: SampleFields = {}): InferenceRecord {
  return {
    v: 1,
    id: '0123456789abcdef0123456789abcdef',
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
    operation: 'chat',
    method: 'POST',
    route: '/v1/chat/completions',
    provider: 'openai',
    upstream: 'default',
    request: { model: 'gpt-4o', stream: false, parameters: {}, bodyBytes: 120, retry: 0 },
    response: { model: 'gpt-4o-2024-08-06', status: 200, bodyBytes: 800 },
    input: [{ role: 'user', content: 'What is the tide at Dover?' }],
    output: { kind: 'choices', choices: [{ index: 0, role: 'assistant', content: 'High at noon.' }] },
    usage: { provenance: 'provider', input: 12, output: 5, total: 17 },
    times: { startedAt: 1_763_634_600_000, firstTokenMs: 80, durationMs: 345 },
    ending: 'completed',
    ...fields,
    context: { tags: [], metadata: {}, ...context },
  }
}
