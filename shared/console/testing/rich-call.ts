import type { CallDetail } from '../../admin/call-store.ts'
import { sampleRecord } from '../../admin/testing/sample-record.ts'

/** A call that has something of everything that pages show. */
export function richCall(fields: Parameters<typeof sampleRecord>[0] = {}): CallDetail {
  return {
    ...sampleRecord({
      id: '019abc00000000000000000000c0ffee',
      request: {
        model: 'gpt-4o',
        stream: true,
        usageOption: 'injected',
        parameters: { temperature: 0.2, stop: ['END'] },
        bodyBytes: 420,
        retry: 1,
        attemptOf: '019abc00000000000000000000c0ffed',
      },
      response: {
        model: 'gpt-4o-2024-08-06',
        status: 429,
        requestId: 'req-1',
        serviceTier: 'flex',
        bodyBytes: 9,
      },
      input: {
        messages: [
          { role: 'system', content: 'You know the sea.' },
          {
            role: 'user',
            name: 'ann',
            content: [
              { type: 'text', text: 'Is it high?' },
              { type: 'image_url', image_url: { url: '[image/png, 20480 bytes, sha256 9f86]' } },
            ],
          },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c1', function: { name: 'tide', arguments: '{"at":"Dover"}' } }],
          },
          { role: 'tool', tool_call_id: 'c1', content: 'high' },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: 'c2', content: 'low', is_error: true }],
          },
        ],
        tools: [{ type: 'function', function: { name: 'tide', description: 'The tide of a port.' } }],
      },
      output: {
        kind: 'choices',
        choices: [
          {
            index: 0,
            reasoning: 'Dover is in Kent.',
            content: 'High.',
            refusal: 'Not that.',
            finishReason: 'stop',
          },
          {
            index: 1,
            toolCalls: [{ id: 'c3', name: 'tide', arguments: 'not JSON' }],
            finishReason: 'tool_calls',
          },
        ],
      },
      context: {
        threadId: 'trip',
        sessionId: 's-1',
        userId: 'ann',
        agentKey: 'pilot',
        traceName: 'harbour',
        environment: 'test',
        tags: ['beta'],
        metadata: { plan: 'summer' },
        sources: { threadId: 'x-thread-id', userId: 'body user' },
      },
      times: { startedAt: 1_763_634_600_000, firstByteMs: 60, firstTokenMs: 80, durationMs: 345 },
      stream: { events: 12, largestGapMs: 40, largestGapFromMs: 200, lastEventMs: 340 },
      link: { kind: 'tool_id', relation: 'step', parentCallId: '019abc00000000000000000000c0ffed' },
      run: {
        conversationId: 'c'.repeat(32),
        turn: 1,
        step: 2,
        agent: { name: 'agent_pilot', spanId: 'd'.repeat(16), startedAt: 1_763_634_600_000 },
      },
      ending: 'upstream_error',
      error: { type: 'rate_limit', message: 'Slow down.' },
      ...fields,
    }),
    cost: { usd: 0.0012, source: 'price_list', date: '2026-08-22' },
    delivery: { state: 'delivered', at: 1_763_634_601_000 },
  }
}
