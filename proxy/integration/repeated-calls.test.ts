import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { startProxy } from '../testing/running-proxy.ts'

test("a client's own retries are linked, and recorded with the upstream's rate limits", async () => {
  let attempts = 0
  const upstream = await startFakeUpstream((_request, outgoing) => {
    const busy = ++attempts < 3
    const fields = { 'content-type': 'application/json', 'x-ratelimit-remaining-requests': String(attempts) }
    outgoing.writeHead(busy ? 429 : 200, busy ? { ...fields, 'retry-after-ms': '1' } : fields)
    outgoing.end(busy ? '{"error":{"message":"Slow down"}}' : '{"choices":[]}')
  })
  const proxy = await startProxy({ UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: proxy.baseUrl, maxRetries: 2 })
  await openai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
  await proxy.record(3)
  const [first, second, third] = proxy.records
  expect(first?.request).not.toHaveProperty('attemptOf')
  expect(second?.request).toMatchObject({ retry: 1, attemptOf: first?.id })
  expect(third?.request).toMatchObject({ retry: 2, attemptOf: first?.id })
  expect(first?.response.limits).toEqual({ 'retry-after-ms': '1', 'x-ratelimit-remaining-requests': '1' })
  expect(third?.response.limits).toEqual({ 'x-ratelimit-remaining-requests': '3' })
})
