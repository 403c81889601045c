import { expect, onTestFinished, test } from 'vitest'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { startCluster } from '../../shared/testing/private-cluster.ts'
import { freePort, startRedis } from '../../shared/testing/private-redis.ts'
import { startSentinel } from '../../shared/testing/private-sentinel.ts'
import { type RedisSecurity, redisSecurity } from '../../shared/testing/redis-security.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run, runToExit } from '../testing/processes.ts'

async function startServer(security: RedisSecurity): Promise<string> {
  const port = await freePort()
  const server = await startRedis({ port, args: security.serverArgs(port) })
  onTestFinished(server.stop)
  return `rediss://${security.userinfo}@127.0.0.1:${port}`
}

async function startTopology(
  start: (security: RedisSecurity) => Promise<{ readonly url: string; stop(): Promise<void> }>,
  security: RedisSecurity,
): Promise<string> {
  const { url, stop } = await start(security)
  onTestFinished(stop)
  return url
}

test.each<[string, (security: RedisSecurity) => Promise<string>]>([
  ['a Redis', startServer],
  ['a Redis behind a Sentinel', (security) => startTopology(startSentinel, security)],
  ['a Cluster', (security) => startTopology(startCluster, security)],
])('proxy and worker meet in %s with TLS and a user that may do no more than they need', async (_, start) => {
  const langfuse = await lendLangfuse('v4')
  const upstream = await startFakeUpstream(answerJson({ choices: [] }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const security = redisSecurity()
  const redis = { REDIS_URL: await start(security), NODE_EXTRA_CA_CERTS: security.certFile }
  const proxy = await run('proxy', {
    ...redis,
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
  })
  const worker = await run('worker', {
    ...redis,
    DATA_DIR: tempDir(),
    ...langfuseEnv(langfuse),
  })
  const context = `${new URL(proxy.baseUrl).origin}/_threadtap/contexts/t1`
  const registered = await fetch(context, { method: 'PUT', body: '{"user_id":"ada"}' })
  expect(registered.ok).toBe(true)
  const response = await fetch(`${proxy.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'x-thread-id': 't1' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello.' }] }),
  })
  expect(response.status).toBe(200)
  await proxy.waitForLedger(({ delivered }) => delivered === 1)
  expect(langfuse.observations()).toMatchObject([{ type: 'GENERATION', trace: { userId: 'ada' } }])
  expect(await worker.stop()).toBe(0)
  expect(await proxy.stop()).toBe(0)
  expect(proxy.stderr() + worker.stderr()).toBe('')
})

test.each(['redis+sentinel://127.0.0.1:26379', 'redis://127.0.0.1:7000,127.0.0.1:7001'])(
  '%s, which does not say enough, is refused at the start with one sentence',
  async (url) => {
    const { code, stderr } = await runToExit(['proxy'], { REDIS_URL: url, DATA_DIR: tempDir() })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^REDIS_URL must be a URL [^\n]*\n$/)
  },
)
