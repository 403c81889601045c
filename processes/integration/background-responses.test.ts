import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CallSummary, ThreadSummary } from '../../shared/admin/call-store.ts'
import type { FakeLangfuse } from '../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../shared/testing/fake-langfuse/modes.ts'
import type { Observation } from '../../shared/testing/fake-langfuse/observation.ts'
import { startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { until } from '../../shared/testing/until.ts'
import { type RunningProcess, run, runToExit } from '../testing/processes.ts'

// A response that is generated in the background, through real processes, to every kind of sink.

const usage = {
  input_tokens: 40,
  input_tokens_details: { cached_tokens: 8 },
  output_tokens: 12,
  output_tokens_details: { reasoning_tokens: 4 },
  total_tokens: 52,
}
const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'BLUE KITE' }] }]
const response = { id: 'resp_a1', object: 'response', model: 'gpt-5', error: null, background: true }
const states = {
  queued: { ...response, status: 'queued', output: [], usage: null },
  in_progress: { ...response, status: 'in_progress', output: [], usage: null },
  completed: { ...response, status: 'completed', output, usage },
}

async function startUpstream() {
  const state: { now: keyof typeof states } = { now: 'in_progress' }
  const upstream = await startFakeUpstream(({ method }, outgoing) => {
    outgoing.setHeader('content-type', 'application/json')
    outgoing.end(JSON.stringify(states[method === 'POST' ? 'queued' : state.now]))
  })
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return { state, UPSTREAM_BASE_URL: `${upstream.origin}/v1` }
}

const headers = { 'x-thread-id': 't-bg', 'content-type': 'application/json' }

async function create({ baseUrl }: RunningProcess): Promise<void> {
  const body = JSON.stringify({ model: 'gpt-5', input: 'What is new in kites?', background: true })
  await (await fetch(`${baseUrl}/responses`, { method: 'POST', headers, body })).text()
}

async function poll({ baseUrl }: RunningProcess, times = 1): Promise<void> {
  for (let n = 0; n < times; n++) await (await fetch(`${baseUrl}/responses/resp_a1`, { headers })).text()
}

const generations = (langfuse: FakeLangfuse): Observation[] =>
  langfuse.observations().filter(({ type }) => type === 'GENERATION')

const tokens = ({ usage: { details } }: Observation): number => details.total ?? 0

describe.each<Mode>(['v2', 'v3.20', 'v3', 'v4-dual', 'v4'])('Langfuse %s', (mode) => {
  test('has one generation, which runs, and then has its output and usage, whoever fetches it', async () => {
    const { state, ...upstream } = await startUpstream()
    const langfuse = await lendLangfuse(mode)
    const threadtap = await run('start', { ...upstream, ...langfuseEnv(langfuse), DATA_DIR: tempDir() })
    await create(threadtap)
    await poll(threadtap)
    await threadtap.waitForLedger(({ delivered }) => delivered === 2)
    expect(generations(langfuse)).toMatchObject([
      { level: 'DEFAULT', statusMessage: 'running: queued', output: null, metadata: { ending: 'running' } },
    ])
    expect(tokens(generations(langfuse)[0] as Observation)).toBe(0)

    state.now = 'completed'
    await poll(threadtap, 3)
    const ledger = await threadtap.waitForLedger(({ delivered }) => delivered === 6)
    expect(ledger).toMatchObject({ accepted: 6, dropped: {} })
    const [generation, ...more] = generations(langfuse)
    expect(more).toEqual([])
    expect(generation).toMatchObject({
      statusMessage: 'completed',
      metadata: { ending: 'completed', response_state: 'completed' },
    })
    expect(JSON.stringify(generation?.output)).toContain('BLUE KITE')
    expect(JSON.stringify(generation?.input)).toContain('What is new in kites?')
    expect(langfuse.observations().reduce((sum, observation) => sum + tokens(observation), 0)).toBe(52)
    // Until the server merges both rows of it, where it does so late, they add up to the same.
    const rows = langfuse.rows().filter(({ id }) => id === generation?.id)
    if (mode === 'v4') expect(rows.reduce((sum, row) => sum + tokens(row), 0)).toBe(52)
    expect(langfuse.losses()).toEqual([])
  })
})

test('fetched soon, it reaches Langfuse once', async () => {
  const { state, ...upstream } = await startUpstream()
  const langfuse = await lendLangfuse('v4')
  const slow = { ...langfuseEnv(langfuse), LANGFUSE_FLUSH_INTERVAL: '2' }
  const threadtap = await run('start', { ...upstream, ...slow, DATA_DIR: tempDir() })
  state.now = 'completed'
  await create(threadtap)
  await poll(threadtap)
  await threadtap.waitForLedger(({ delivered }) => delivered === 3)
  expect(langfuse.rows().filter(({ type }) => type === 'GENERATION')).toHaveLength(1)
})

test('begun at one sidecar and fetched at another, it is complete once, and both ledgers add up', async () => {
  const { state, ...upstream } = await startUpstream()
  const langfuse = await lendLangfuse('v3')
  const { redisUrl, queueName, prefix } = testQueue()
  const queue = { REDIS_URL: redisUrl, QUEUE_NAME: queueName, QUEUE_PREFIX: prefix }
  const proxies = await Promise.all(
    [1, 2].map(() => run('proxy', { ...upstream, ...queue, DATA_DIR: tempDir() })),
  )
  await run('worker', { ...queue, ...langfuseEnv(langfuse), DATA_DIR: tempDir() })
  const [one, two] = proxies as [RunningProcess, RunningProcess]
  await create(one)
  await one.waitForLedger(({ delivered }) => delivered === 1)
  state.now = 'completed'
  await poll(two)
  await two.waitForLedger(({ delivered }) => delivered === 2)
  await poll(one, 2)
  await one.waitForLedger(({ accepted, delivered }) => accepted === 3 && delivered === 3)
  expect(generations(langfuse)).toMatchObject([{ statusMessage: 'completed' }])
  expect(langfuse.observations().reduce((sum, observation) => sum + tokens(observation), 0)).toBe(52)
})

test('the local store has it once, also after kill -9 between its call and its result', async () => {
  const { state, ...upstream } = await startUpstream()
  const env = { ...upstream, DATA_DIR: tempDir() }
  const first = await run('start', env)
  await create(first)
  await first.waitForLedger(({ delivered }) => delivered === 1)
  expect(await first.getJson<CallSummary[]>('/api/calls')).toMatchObject([{ ending: 'running' }])
  expect(await first.getJson<ThreadSummary[]>('/api/threads')).toMatchObject([{ errors: 0 }])
  first.child.kill('SIGKILL')
  await first.exited

  const second = await run('start', env)
  state.now = 'completed'
  await poll(second, 3)
  await second.waitForLedger(({ delivered }) => delivered === 5)
  const calls = await second.getJson<CallSummary[]>('/api/calls')
  expect(calls.filter(({ operation }) => operation === 'responses')).toMatchObject([
    { ending: 'completed', output: 'BLUE KITE', usage: { input: 40, output: 12, total: 52 } },
  ])
  expect(await second.getJson<ThreadSummary[]>('/api/threads')).toMatchObject([
    { thread: 't-bg', calls: 4, tokens: { input: 40, output: 12, total: 52 }, errors: 0 },
  ])
  second.child.kill('SIGTERM')
  await second.exited
  const shown = await runToExit(['calls', '--thread', 't-bg'], env)
  expect(shown.stdout.match(/BLUE KITE/g)).toHaveLength(1)
})

test('what REDACT names is in no file while it runs, nor in its result', async () => {
  const { state, ...upstream } = await startUpstream()
  const dir = tempDir()
  const threadtap = await run('start', { ...upstream, DATA_DIR: dir, REDACT: '/kites?/' })
  await create(threadtap)
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  const folder = join(dir, 'generations')
  await until(() => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.json')))
  const [file = ''] = readdirSync(folder)
  expect(readFileSync(join(folder, file), 'utf8')).not.toContain('kites')
  state.now = 'completed'
  await poll(threadtap)
  await threadtap.waitForLedger(({ delivered }) => delivered === 3)
  const calls = await threadtap.getJson<CallSummary[]>('/api/calls')
  expect(calls.find(({ operation }) => operation === 'responses')?.input).not.toContain('kites')
})

test('a result that is fetched while the sink is away arrives whole when it is back', async () => {
  const { state, ...upstream } = await startUpstream()
  const langfuse = await lendLangfuse('v2')
  langfuse.failNext({ kind: 'response', status: 503 }, 3)
  const threadtap = await run('start', {
    ...upstream,
    ...langfuseEnv(langfuse),
    DATA_DIR: tempDir(),
    LANGFUSE_RETRY_DELAY: '0.05',
  })
  await create(threadtap)
  state.now = 'completed'
  await poll(threadtap)
  await threadtap.waitForLedger(({ delivered }) => delivered === 3)
  await until(() => generations(langfuse).length === 1)
  expect(generations(langfuse)).toMatchObject([{ statusMessage: 'completed' }])
})
