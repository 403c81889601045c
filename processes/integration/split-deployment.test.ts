import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import type { FakeLangfuse } from '../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../shared/testing/fake-langfuse/modes.ts'
import {
  answerJson,
  answerStream,
  chatEvents,
  startFakeUpstream,
} from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { run } from '../testing/processes.ts'

const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
const model = 'gpt-4o-mini'
const messages = [{ role: 'user' as const, content: 'Say hello.' }]
const headers = {
  'x-session-id': 's1',
  'x-user-id': 'u1',
  'x-tags': 'blue,green',
  'x-trace-name': 'greeting',
}

const plainResponse = {
  id: 'chatcmpl-2',
  model,
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello there' } }],
  usage,
}

async function startDeployment(mode: Mode) {
  const langfuse = await lendLangfuse(mode)
  const upstream = await startFakeUpstream(answerStream(chatEvents(['Hel', 'lo'], usage)))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const { redisUrl, queueName, prefix } = testQueue()
  const queue = { REDIS_URL: redisUrl, QUEUE_NAME: queueName, QUEUE_PREFIX: prefix }
  const proxy = await run('proxy', {
    ...queue,
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
  })
  const worker = await run('worker', {
    ...queue,
    DATA_DIR: tempDir(),
    ...langfuseEnv(langfuse),
  })
  return { langfuse, upstream, proxy, worker }
}

function expectBothCalls(langfuse: FakeLangfuse): void {
  expect(langfuse.losses()).toEqual([])
  const outputs = langfuse.observations().map(({ output }) => parsed(output))
  expect(outputs).toEqual(
    expect.arrayContaining([
      { role: 'assistant', content: 'Hello' },
      { role: 'assistant', content: 'Hello there' },
    ]),
  )
  for (const observation of langfuse.observations()) {
    expect(observation).toMatchObject({ type: 'GENERATION', level: 'DEFAULT' })
    expect(parsed(observation.input)).toEqual({ messages })
    expect(observation.usage).toMatchObject({
      source: 'provided',
      details: { input: 9, output: 3, total: 12 },
    })
  }
  expect(langfuse.traces()).toHaveLength(2)
  for (const trace of langfuse.traces()) {
    expect(trace).toMatchObject({
      userId: 'u1',
      sessionId: 's1',
      tags: ['blue', 'green'],
      name: 'greeting',
    })
  }
}

test.each<Mode>(['v4', 'v2'])(
  'a streamed and a plain call reach a Langfuse %s through proxy, Redis and worker',
  async (mode) => {
    const { langfuse, upstream, proxy, worker } = await startDeployment(mode)
    const client = new OpenAI({ baseURL: proxy.baseUrl, apiKey: 'sk-test', maxRetries: 0 })

    const streamed = await client.chat.completions
      .create({ model, messages, stream: true }, { headers })
      .asResponse()
    const injectedFrame = chatEvents([], usage)[2]
    const sent = chatEvents(['Hel', 'lo'], usage).filter((event) => event !== injectedFrame)
    expect(await streamed.text()).toBe(sent.join(''))
    expect(JSON.parse(String(upstream.requests[0]?.body)).stream_options).toEqual({ include_usage: true })

    upstream.answer = answerJson(plainResponse)
    const plain = await client.chat.completions.create({ model, messages }, { headers }).asResponse()
    expect(await plain.json()).toEqual(plainResponse)

    const ledger = await proxy.waitForLedger(({ delivered }) => delivered === 2)
    expect(ledger).toMatchObject({ accepted: 2, spooled: 0, queued: 0, dead_lettered: 0, dropped: {} })
    expect(await worker.waitForLedger(() => true)).toMatchObject({ accepted: 2, delivered: 2 })

    expectBothCalls(langfuse)

    expect(await proxy.stop()).toBe(0)
    expect(await worker.stop()).toBe(0)
    expect(proxy.stderr() + worker.stderr()).toBe('')
  },
)

const parsed = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value)
