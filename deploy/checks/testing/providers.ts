import { chatEvents, type FakeUpstream, startFakeUpstream } from '../../../shared/testing/fake-upstream.ts'

const usage = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 10 },
  completion_tokens_details: { reasoning_tokens: 5 },
}
const limits = {
  'x-ratelimit-limit-requests': '500',
  'x-ratelimit-remaining-requests': '499',
  'x-ratelimit-limit-tokens': '30000',
  'x-ratelimit-remaining-tokens': '12000',
}

/**
 * A model API that says what the demo's does not: limits, caches, reasoning, its bill, nothing of its usage; and that fails in
 * other ways.
 */
export function startProviders(): Promise<FakeUpstream> {
  return startFakeUpstream(async ({ body }, outgoing) => {
    const { model, stream } = JSON.parse(String(body)) as {
      readonly model: string
      readonly stream?: boolean
    }
    if (model === 'refusing-model') {
      const error = { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' }
      outgoing.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1', ...limits })
      outgoing.end(JSON.stringify({ error }))
      return
    }
    const billed = model === 'billing-model' ? { ...usage, cost: 0.25 } : usage
    const reported = model === 'gpt-4o' ? {} : { usage: billed }
    if (stream !== true) {
      const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello' } }
      outgoing.writeHead(200, { 'content-type': 'application/json', ...limits })
      outgoing.end(JSON.stringify({ id: 'c', model, choices: [choice], ...reported }))
      return
    }
    outgoing.writeHead(200, { 'content-type': 'text/event-stream', ...limits })
    // Without its last events the stream is truncated.
    const events = chatEvents(['Hel', 'lo'], billed)
    for (const event of model === 'breaking-model' ? events.slice(0, 2) : events) {
      outgoing.write(event)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    outgoing.end()
  })
}
