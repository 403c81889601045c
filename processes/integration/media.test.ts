import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import type { FakeLangfuse } from '../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../shared/testing/fake-langfuse/modes.ts'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { type RunningProcess, run } from '../testing/processes.ts'

// Media on their way from a call to Langfuse (CAPTURE_MEDIA=upload).

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(300_000)])
const url = `data:image/png;base64,${png.toString('base64')}`
const content = [
  { type: 'text', text: 'What is it?' },
  { type: 'image_url', image_url: { url } },
]
const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })

async function startServers(mode: Mode) {
  const langfuse = await lendLangfuse(mode)
  const answer = {
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'A cat.' } }],
  }
  const upstream = await startFakeUpstream(answerJson(answer))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const proxyEnv = { UPSTREAM_BASE_URL: `${upstream.origin}/v1`, CAPTURE_MEDIA: 'upload' }
  return { langfuse, proxyEnv, workerEnv: langfuseEnv(langfuse) }
}

async function callWithPicture({ baseUrl }: RunningProcess): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body })
  expect(response.status).toBe(200)
  await response.arrayBuffer()
}

function expectOneUpload(langfuse: FakeLangfuse, calls: number): void {
  expect(langfuse.requests().filter(({ method }) => method === 'PUT')).toHaveLength(1)
  const [medium, ...others] = langfuse.media()
  expect(others).toEqual([])
  expect(medium?.bytes.equals(png)).toBe(true)
  expect(medium?.links).toHaveLength(calls)
  for (const { view } of langfuse.observations()) {
    const reference = `@@@langfuseMedia:type=image/png|id=${medium?.id}|source=base64_data_uri@@@`
    const drawn = [content[0], { type: 'image_url', image_url: { url: reference } }]
    expect(view.input?.map(({ form, content: shown }) => [form, shown])).toEqual([['text', drawn]])
  }
}

const filesIn = (dataDir: string) =>
  existsSync(join(dataDir, 'media')) ? readdirSync(join(dataDir, 'media')) : []

test.each<Mode>(['v4', 'v2'])(
  'one process uploads a picture once, and keeps nothing of it, with Langfuse %s',
  async (mode) => {
    const { langfuse, proxyEnv, workerEnv } = await startServers(mode)
    const dataDir = tempDir()
    const threadtap = await run('start', { ...proxyEnv, ...workerEnv, DATA_DIR: dataDir })
    await Promise.all(Array.from({ length: 20 }, () => callWithPicture(threadtap)))
    const ledger = await threadtap.waitForLedger(({ delivered }) => delivered === 20)
    expect(ledger).toMatchObject({ accepted: 20, dead_lettered: 0, dropped: {} })
    expectOneUpload(langfuse, 20)
    expect(await threadtap.stop()).toBe(0)
    expect(filesIn(dataDir)).toEqual([])
    expect(threadtap.stderr()).toBe('')
  },
)

test('through Redis a picture is uploaded once, and is gone from both places', async () => {
  const { langfuse, proxyEnv, workerEnv } = await startServers('v4')
  const { redisUrl, queueName, prefix } = testQueue()
  const queue = { REDIS_URL: redisUrl, QUEUE_NAME: queueName, QUEUE_PREFIX: prefix }
  const dataDir = tempDir()
  const proxy = await run('proxy', { ...queue, ...proxyEnv, DATA_DIR: dataDir })
  for (let call = 0; call < 5; call++) await callWithPicture(proxy)
  await proxy.waitForLedger(({ queued }) => queued === 5)
  const redis = new Redis(redisUrl)
  onTestFinished(() => redis.disconnect())
  expect(await redis.get(`${prefix}:${queueName}:media:bytes`)).toBe(String(png.length))
  const worker = await run('worker', { ...queue, ...workerEnv, DATA_DIR: tempDir() })
  await proxy.waitForLedger(({ delivered }) => delivered === 5)
  expectOneUpload(langfuse, 5)
  expect(await redis.get(`${prefix}:${queueName}:media:bytes`)).toBe('0')
  expect(await proxy.stop()).toBe(0)
  expect(await worker.stop()).toBe(0)
  expect(filesIn(dataDir)).toEqual([])
})

test('what Redis has no room for is delivered with its note', async () => {
  const { langfuse, proxyEnv, workerEnv } = await startServers('v4')
  const { redisUrl, queueName, prefix } = testQueue()
  const queue = { REDIS_URL: redisUrl, QUEUE_NAME: queueName, QUEUE_PREFIX: prefix }
  const proxy = await run('proxy', {
    ...queue,
    ...proxyEnv,
    QUEUE_MEDIA_MAX_BYTES: '1000',
    DATA_DIR: tempDir(),
  })
  await callWithPicture(proxy)
  await run('worker', { ...queue, ...workerEnv, DATA_DIR: tempDir() })
  await proxy.waitForLedger(({ delivered }) => delivered === 1)
  expect(JSON.stringify(langfuse.observations()[0]?.input)).toContain(
    `[image/png, ${png.length} bytes, sha256 `,
  )
  expect(langfuse.media()).toEqual([])
  const metrics = await (await fetch(`${proxy.admin}/metrics`)).text()
  expect(metrics).toContain('threadtap_media_captured_total{outcome="queue_full"} 1')
})

test('without Langfuse no bytes are kept, and the local store has the note', async () => {
  const { proxyEnv } = await startServers('v4')
  const dataDir = tempDir()
  const threadtap = await run('start', { ...proxyEnv, DATA_DIR: dataDir })
  await callWithPicture(threadtap)
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  const [call] = await threadtap.getJson<{ id: string }[]>('/api/calls')
  const record = await threadtap.getJson<object>(`/api/calls/${call?.id}`)
  expect(record).not.toHaveProperty('media')
  expect(JSON.stringify(record)).toContain(`[image/png, ${png.length} bytes, sha256 `)
  expect(filesIn(dataDir)).toEqual([])
})
