import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import {
  answerJson,
  answerStream,
  chatEvents,
  startFakeUpstream,
} from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { run, runToExit } from '../testing/processes.ts'

const model = 'gpt-4o-mini'
const messages = [{ role: 'user' as const, content: 'Say hello.' }]

async function startUpstream() {
  const upstream = await startFakeUpstream(answerStream(chatEvents(['Hello'], { total_tokens: 3 })))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return upstream
}

const chat = async (baseURL: string, thread: string) => {
  const client = new OpenAI({ baseURL, apiKey: 'sk-test', maxRetries: 0 })
  const stream = await client.chat.completions.create(
    { model, messages, stream: true },
    { headers: { 'x-thread-id': thread } },
  )
  for await (const _chunk of stream);
}

test('a process without settings stores calls on local disk and shows them', async () => {
  const upstream = await startUpstream()
  const env = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` }
  const threadtap = await run('start', env)
  expect(threadtap.stdout()).toContain('the local store')

  await chat(threadtap.baseUrl, 'one')
  await chat(threadtap.baseUrl, 'two')
  await chat(threadtap.baseUrl, 'two')
  upstream.answer = answerJson({ error: { message: 'No.' } }, 500)
  await expect(chat(threadtap.baseUrl, 'two')).rejects.toThrow('No.')

  await threadtap.waitForLedger(({ delivered }) => delivered === 4)
  expect(await threadtap.getJson('/readyz')).toMatchObject({ ready: true })
  expect(await threadtap.getJson('/api/threads')).toMatchObject([
    { thread: 'two', calls: 3, errors: 1 },
    { thread: 'one', calls: 1, errors: 0 },
  ])
  const metrics = await (await fetch(`${threadtap.admin}/metrics`)).text()
  expect(metrics).toContain(
    'threadtap_calls_total{operation="chat",upstream="default",ending="completed",status="200"} 3',
  )
  expect(metrics).toContain('gen_ai_client_inference_duration_seconds_count')
  for (const thread of ['relay', 'recording']) {
    expect(metrics).toMatch(
      new RegExp(`^threadtap_loop_delay_seconds_count\\{thread="${thread}"\\} [1-9]`, 'm'),
    )
  }

  const admin = ['--admin', threadtap.admin]
  expect((await runToExit(['threads', ...admin], {})).stdout).toMatch(/two +3/)
  const calls = await runToExit(['calls', '--thread', 'two', ...admin], {})
  expect(calls.stdout.match(/Hello/g)).not.toBeNull()
  expect(calls.stdout).toContain('upstream_error')
  expect(await threadtap.stop()).toBe(0)
  expect((await runToExit(['calls', '--thread', 'one'], env)).stdout).toContain('Hello')
})

test('records accepted while Langfuse is unavailable are delivered after a restart', async () => {
  const upstream = await startUpstream()
  const langfuse = await lendLangfuse('v4')
  const settings = {
    ...langfuseEnv(langfuse),
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    LANGFUSE_MAX_RETRIES: '0',
  }
  langfuse.failNext({ kind: 'response', status: 503 }, 1_000)
  const first = await run('start', settings)
  for (const thread of ['a', 'b', 'c']) await chat(first.baseUrl, thread)
  await first.waitForLedger(({ accepted }) => accepted === 3)
  expect(await first.stop()).toBe(0)
  expect(langfuse.observations()).toEqual([])

  langfuse.clearFaults()
  const second = await run('start', settings)
  expect(await second.waitForLedger(({ delivered }) => delivered === 3)).toMatchObject({
    accepted: 3,
    spooled: 0,
    dropped: {},
  })
  expect(
    langfuse
      .traces()
      .map(({ sessionId }) => sessionId)
      .sort(),
  ).toEqual(['a', 'b', 'c'])
})

test('the last calls are kept beside Langfuse, whatever becomes of their records', async () => {
  const upstream = await startUpstream()
  const langfuse = await lendLangfuse('v4')
  langfuse.failNext({ kind: 'response', status: 503 }, 1_000)
  const settings = {
    ...langfuseEnv(langfuse),
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
  }
  const threadtap = await run('start', { ...settings, LANGFUSE_RETRY_DELAY: '0.01' })
  await chat(threadtap.baseUrl, 'a')
  const kept = () => threadtap.getJson<readonly { readonly id: string }[]>('/api/calls')
  await until(async () => (await kept()).length === 1)
  const [call] = await kept()
  const delivery = async () =>
    (await threadtap.getJson<{ readonly delivery: { readonly state: string } }>(`/api/calls/${call?.id}`))
      .delivery
  expect(await delivery()).toEqual({ state: 'pending' })
  langfuse.clearFaults()
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  await until(async () => (await delivery()).state === 'delivered')
  expect(await threadtap.stop()).toBe(0)
})

test('a local store that cannot be used never matters to delivery', async () => {
  const upstream = await startUpstream()
  const langfuse = await lendLangfuse('v4')
  const dataDir = tempDir()
  writeFileSync(join(dataDir, 'store'), 'in the way')
  const settings = { ...langfuseEnv(langfuse), DATA_DIR: dataDir, UPSTREAM_BASE_URL: `${upstream.origin}/v1` }
  const threadtap = await run('start', settings)
  await chat(threadtap.baseUrl, 'a')
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  expect(await threadtap.getJson('/api/calls')).toMatchObject({
    error: expect.stringMatching(/^the local store cannot be used .*delivered all the same$/),
  })
  const metrics = await (await fetch(`${threadtap.admin}/metrics`)).text()
  expect(metrics).toContain('threadtap_local_copies_dropped_total{reason="failed"} 1')
  expect(await threadtap.stop()).toBe(0)
})

test('without a store and without a sink nothing starts', async () => {
  const { code, stderr } = await runToExit(['start'], { DATA_DIR: tempDir(), LOCAL_STORE: 'off' })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^LOCAL_STORE=off leaves records nowhere to go: set .*\n$/)
})

test('kill -9 loses no record of the spool', async () => {
  const upstream = await startUpstream()
  const langfuse = await lendLangfuse('v4')
  langfuse.failNext({ kind: 'response', status: 503 }, 1_000)
  const settings = {
    ...langfuseEnv(langfuse),
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    LANGFUSE_MAX_RETRIES: '0',
  }
  const first = await run('start', settings)
  await chat(first.baseUrl, 'a')
  // The worker reads records only once they are on disk.
  while (!langfuse.requests().some(({ path }) => path.includes('otel'))) await new Promise(setImmediate)
  expect(await first.stop('SIGKILL')).toBe(null)
  langfuse.clearFaults()
  const second = await run('start', settings)
  await second.waitForLedger(({ accepted, delivered }) => accepted === 1 && delivered === 1)
})

test('on SIGTERM a stream in flight finishes and is recorded', async () => {
  const upstream = await startUpstream()
  let finish: () => void = () => undefined
  upstream.answer = async (_request, outgoing) => {
    const [first = '', ...rest] = chatEvents(['Hello'], { total_tokens: 3 })
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write(first)
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    outgoing.end(rest.join(''))
  }
  const env = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1`, LOG_LEVEL: 'info' }
  const threadtap = await run('start', env)
  const response = await fetch(`${threadtap.baseUrl}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model, messages, stream: true }),
  })
  const stopped = threadtap.stop()
  await until(() => threadtap.stderr().includes('"stopping"'))
  finish()
  expect(await response.text()).toContain('data: [DONE]')
  expect(await stopped).toBe(0)
  expect((await runToExit(['calls'], env)).stdout).toContain('Hello')
})

test('every wrong setting is named on standard error, and the exit code is 1', async () => {
  const { code, stderr, stdout } = await runToExit(['start'], {
    PORT: 'x',
    LANGFUSE_SECRET_KEY: 'sk-lf-hidden',
  })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringContaining('PORT must be'),
    expect.stringContaining('LANGFUSE_PUBLIC_KEY must be set'),
  ])
  expect(stderr).not.toContain('hidden')
})

test('a second process on the same data folder fails with one sentence', async () => {
  const env = { DATA_DIR: tempDir() }
  await run('start', env)
  const { code, stderr } = await runToExit(['start'], env)
  expect(code).toBe(1)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toMatch(
    new RegExp(`^the data folder ${env.DATA_DIR} is in use by another process: .*DATA_DIR`),
  )
})

test('a port in use fails with one sentence', async () => {
  const { baseUrl } = await run('start', { DATA_DIR: tempDir() })
  const { code, stderr } = await runToExit(['start'], { DATA_DIR: tempDir(), PORT: new URL(baseUrl).port })
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^the data port cannot listen on 127\.0\.0\.1:\d+, which another process has \(EADDRINUSE\): stop that one, or set PORT .*\n$/,
  )
})

test('an address of another machine fails with one sentence', async () => {
  const { code, stderr } = await runToExit(['start'], { DATA_DIR: tempDir(), HOST: '192.0.2.1' })
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^the data port cannot listen on 192\.0\.2\.1:0, which is no address .*: set HOST to .*\n$/,
  )
})

test.each([
  [
    'a file in the way',
    'file',
    /nothing can be kept on disk: the data folder .*file cannot be used \(.*not a (folder|directory).*\): set DATA_DIR to/,
  ],
  [
    'a folder that cannot be made',
    '/proc/nope',
    /nothing can be kept on disk: the data folder \/proc\/nope cannot be used \(ENOENT.*\): set DATA_DIR to/,
  ],
])('with %s for its data calls go on, and the banner says so', async (_what, path, sentence) => {
  const upstream = await startUpstream()
  const dir = tempDir()
  writeFileSync(join(dir, 'file'), '')
  const DATA_DIR = path.startsWith('/') ? path : join(dir, path)
  const threadtap = await run('start', { DATA_DIR, UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
  expect(threadtap.stdout().replaceAll(/\s+/g, ' ')).toMatch(sentence)
  await chat(threadtap.baseUrl, 'a')
  await threadtap.waitForLedger(({ accepted, spooled }) => accepted === 1 && spooled === 1)
  expect(await threadtap.getJson('/readyz')).toMatchObject({
    ready: true,
    degraded: expect.arrayContaining([
      expect.objectContaining({ part: 'spool' }),
      expect.objectContaining({ part: 'local_store' }),
    ]),
  })
})

test('with nothing but a broken local store calls go on, their records wait, and come once it can be used', async () => {
  const upstream = await startUpstream()
  const dataDir = tempDir()
  const file = join(dataDir, 'store')
  writeFileSync(file, 'in the way')
  const env = { DATA_DIR: dataDir, UPSTREAM_BASE_URL: `${upstream.origin}/v1` }
  const threadtap = await run('start', env)
  expect(threadtap.stdout().replaceAll(/\s+/g, ' ')).toMatch(
    /warning the local store fails; records wait in the spool .*store is not a folder/,
  )
  expect(threadtap.stderr()).toContain('the local store fails')
  await chat(threadtap.baseUrl, 'a')
  await threadtap.waitForLedger(({ accepted, spooled }) => accepted === 1 && spooled === 1)
  const doctor = await runToExit(['doctor', '--admin', threadtap.admin], env)
  expect(doctor.stdout.replaceAll(/\s+/g, ' ')).toContain('the local store fails; records wait in the spool')

  rmSync(file)
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  expect(await threadtap.getJson('/readyz')).toMatchObject({ ready: true })
  expect(await threadtap.getJson('/api/threads')).toMatchObject([{ thread: 'a', calls: 1 }])
})

test('with Langfuse a data folder that cannot be used stops no call, and the banner says so', async () => {
  const upstream = await startUpstream()
  const langfuse = await lendLangfuse('v4')
  const dir = tempDir()
  writeFileSync(join(dir, 'file'), '')
  const settings = {
    ...langfuseEnv(langfuse),
    DATA_DIR: join(dir, 'file'),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
  }
  const threadtap = await run('start', { ...settings, LOG_LEVEL: 'silent' })
  expect(threadtap.stdout().replaceAll(/\s+/g, ' ')).toMatch(
    /nothing can be kept on disk: the data folder .*set DATA_DIR/,
  )
  await chat(threadtap.baseUrl, 'a')
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
})

test.each(['proxy', 'worker'])('threadtap %s without REDIS_URL fails with one sentence', async (command) => {
  const { code, stderr } = await runToExit([command], { DATA_DIR: tempDir() })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^threadtap \w+ needs REDIS_URL/)
})
