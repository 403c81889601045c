import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { answerJson, answerStream, chatEvents } from '../../shared/testing/fake-upstream.ts'
import { lend, sendRequest } from '../testing/lend.ts'

const small = { choices: [{ message: { content: 'hi' } }], usage: { prompt_tokens: 1, completion_tokens: 1 } }
const large = { ...small, choices: [{ message: { content: 'x'.repeat(200_000) } }] }
const prompt = (content: string) => JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] })

const metric = async (registry: { metrics(): Promise<string> }, name: string): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith(name))

test('a response that finds no room is relayed whole, and its record says what it lacks', async () => {
  const { proxy } = await lend(answerJson(large), {}, 65_536)
  const response = await sendRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST' }, prompt('hello'))
  const received = await text(response)
  expect(received).toBe(JSON.stringify(large))
  const record = await proxy.record(1)
  expect(record).toMatchObject({
    ending: 'completed',
    input: [{ content: 'hello' }],
    response: { bodyBytes: received.length, unseenBytes: expect.any(Number) },
  })
  const unseen = record.response.unseenBytes
  expect(await metric(proxy.registry, 'threadtap_unrecorded_body_bytes_total')).toEqual([
    'threadtap_unrecorded_body_bytes_total{body="request"} 0',
    `threadtap_unrecorded_body_bytes_total{body="response"} ${unseen}`,
  ])
})

test('a stream whose end finds no room is no truncated one', async () => {
  const frames = chatEvents(Array.from({ length: 50 }, () => 'x'.repeat(4_000)))
  const { proxy } = await lend(answerStream([frames.join('')]), {}, 65_536)
  const body = JSON.stringify({ ...JSON.parse(prompt('hello')), stream: true })
  const response = await sendRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST' }, body)
  expect(await text(response)).toBe(frames.join(''))
  const record = await proxy.record(1)
  expect(record).toMatchObject({ ending: 'completed', response: { unseenBytes: expect.any(Number) } })
  expect(record).not.toHaveProperty('error')
})

test('a request that finds no room is relayed whole, and the call has a record without its input', async () => {
  const { upstream, proxy } = await lend(answerJson(small), {}, 65_536)
  const body = prompt('x'.repeat(200_000))
  const response = await sendRequest(
    `${proxy.baseUrl}/chat/completions`,
    { method: 'POST', headers: { 'x-thread-id': 't' } },
    body,
  )
  expect(response.statusCode).toBe(200)
  expect(upstream.requests[0]?.body.toString()).toBe(body)
  const record = await proxy.record(1)
  expect(record).toMatchObject({
    context: { threadId: 't' },
    request: { bodyBytes: body.length, unseenBytes: expect.any(Number) },
    output: { choices: [{ content: 'hi' }] },
  })
  expect(record).not.toHaveProperty('input')
})

test('a call that does not even begin on the tape goes on, and is counted; the next one is recorded', async () => {
  const { proxy } = await lend(answerJson(small), {}, 2_048)
  const call = (headers: Record<string, string>) =>
    sendRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST', headers }, prompt('hello'))
  const response = await call({ 'x-metadata': JSON.stringify({ long: 'x'.repeat(4_000) }) })
  expect([response.statusCode, await text(response)]).toEqual([200, JSON.stringify(small)])
  expect(await metric(proxy.registry, 'threadtap_unrecorded_calls_total')).toEqual([
    'threadtap_unrecorded_calls_total 1',
  ])
  await text(await call({ 'x-thread-id': 'next' }))
  expect(await proxy.record(1)).toMatchObject({ context: { threadId: 'next' } })
})
