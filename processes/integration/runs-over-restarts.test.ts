import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import { answerJson, type FakeUpstream, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { until } from '../../shared/testing/until.ts'
import { type RunningProcess, run } from '../testing/processes.ts'

const id = 'call_J3ajtA7qivswzXp8A9sJ7foO'
const question = { role: 'user', content: 'What is the weather in Paris?' }
const ask = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }],
}
const history = [question, ask, { role: 'tool', tool_call_id: id, content: 'sunny' }]
const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }]

async function call(
  { baseUrl }: RunningProcess,
  upstream: FakeUpstream,
  messages: readonly object[],
  message: object,
): Promise<void> {
  upstream.answer = answerJson({ id: 'chatcmpl-1', choices: [{ index: 0, message }] })
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-mine' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages, tools }),
  })
  await response.arrayBuffer()
}

test('an agent that is at work goes on in its trace after a restart, and after a crash', async () => {
  await using upstream = await startFakeUpstream()
  const env = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` }
  const first = await run('start', env)
  await call(first, upstream, [question], ask)
  await first.waitForLedger(({ delivered }) => delivered === 1)
  await first.stop()

  const second = await run('start', env)
  const answer = { role: 'assistant', content: 'It is sunny in Paris today.' }
  await call(second, upstream, history, answer)
  await second.waitForLedger(({ delivered }) => delivered === 2)
  const [{ id: answered }] = await second.getJson<readonly [{ readonly id: string }]>('/api/calls')
  await until(() => readFileSync(join(env.DATA_DIR, 'stitching.journal'), 'utf8').includes(answered))
  second.child.kill('SIGKILL')
  await second.exited

  const third = await run('start', env)
  await call(third, upstream, [...history, answer, { role: 'user', content: 'And in Rome?' }], answer)
  await third.waitForLedger(({ delivered }) => delivered === 3)
  const calls = await third.getJson<readonly { readonly id: string }[]>('/api/calls')
  const records = await Promise.all(
    calls.map((one) => third.getJson<InferenceRecord>(`/api/calls/${one.id}`)),
  )
  const [turn, step, root] = records
  expect(step?.trace.traceId).toBe(root?.trace.traceId)
  expect(step?.toolSpans).toMatchObject([{ name: 'get_weather', askedBy: root?.id }])
  expect(turn?.link).toMatchObject({ kind: 'history', relation: 'turn', parentCallId: step?.id })
  expect(turn?.run?.conversationId).toBe(root?.trace.traceId)
})

test('a run that two sidecars handle is one trace, with Redis between them', async () => {
  await using upstream = await startFakeUpstream()
  const langfuse = await lendLangfuse('v4')
  const { redisUrl, queueName, prefix } = testQueue()
  const queue = { REDIS_URL: redisUrl, QUEUE_NAME: queueName, QUEUE_PREFIX: prefix }
  const sidecar = () =>
    run('proxy', { ...queue, DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
  const [one, other] = [await sidecar(), await sidecar()]
  await run('worker', {
    ...queue,
    DATA_DIR: tempDir(),
    ...langfuseEnv(langfuse),
  })
  await call(one, upstream, [question], ask)
  await one.waitForLedger(({ delivered }) => delivered === 1)
  await call(other, upstream, history, { role: 'assistant', content: 'Sunny.' })
  await other.waitForLedger(({ delivered }) => delivered === 1)

  const all = langfuse.observations()
  expect(new Set(all.map(({ traceId }) => traceId)).size).toBe(1)
  const tree = all.map(({ type, parentObservationId }) => [
    type,
    all.find((candidate) => candidate.id === parentObservationId)?.type ?? null,
  ])
  expect(tree.sort()).toEqual([
    ['AGENT', null],
    ['GENERATION', 'AGENT'],
    ['GENERATION', 'AGENT'],
    ['TOOL', 'AGENT'],
  ])
})
