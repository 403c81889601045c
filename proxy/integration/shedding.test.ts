import { expect, test } from 'vitest'
import { answerJson } from '../../shared/testing/fake-upstream.ts'
import { lend } from '../testing/lend.ts'

const answer = {
  model: 'm-1',
  choices: [{ message: { content: 'secret answer' } }],
  usage: { prompt_tokens: 3, completion_tokens: 2 },
}

test('each step of shedding keeps less of calls, which all go on, and the last one counts them', async () => {
  const { proxy, upstream } = await lend(answerJson(answer))
  const call = async () => {
    const body = JSON.stringify({
      model: 'm',
      metadata: { thread_id: 't' },
      messages: [{ role: 'user', content: 'secret question' }],
    })
    const response = await fetch(`${proxy.baseUrl}/chat/completions`, { method: 'POST', body })
    expect(await response.json()).toEqual(answer)
  }
  await call()
  for (const kept of ['no_content', 'metadata', 'counts', 'everything'] as const) {
    proxy.keep(kept)
    await call()
  }
  const [everything, noContent, metadata, again] = [1, 2, 3, 4].map((count) => proxy.record(count))
  const context = { threadId: 't' }
  const usage = { input: 3, output: 2 }
  expect(await everything).toMatchObject({ input: [{ content: 'secret question' }], usage, context })
  expect(await noContent).toMatchObject({ content: 'none', usage, context, response: { model: 'm-1' } })
  expect(await metadata).toMatchObject({
    content: 'none',
    usage: { provenance: 'missing' },
    request: { unseenBytes: expect.any(Number) },
    response: { status: 200, unseenBytes: expect.any(Number) },
  })
  expect(await again).toMatchObject({ input: [{ content: 'secret question' }] })
  expect(JSON.stringify([await noContent, await metadata])).not.toContain('secret')
  expect(upstream.requests).toHaveLength(5)
  expect(await proxy.registry.metrics()).toContain('threadtap_unrecorded_calls_total 1')
})
