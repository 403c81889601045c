import { expect, onTestFinished, test } from 'vitest'
import { startFakeLangfuse } from '../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { freePort, startRedis } from '../../shared/testing/private-redis.ts'
import { selfSigned } from '../../shared/testing/self-signed.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run, runToExit } from '../testing/processes.ts'

/** A Redis that speaks TLS alone, with one user, who may use the keys of the queue and nothing administrative. */
async function startSecuredRedis() {
  const { certFile, keyFile } = selfSigned()
  const port = await freePort()
  const tls = ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no']
  const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile]
  const rules = 'tap on >s3cret ~{threadtap}* resetchannels +@all -@admin -@dangerous +info'
  const users = ['--user', 'default', 'off', '--user', ...rules.split(' ')]
  const server = await startRedis({ port, args: [...tls, ...files, ...users] })
  onTestFinished(server.stop)
  return {
    REDIS_URL: `rediss://tap:s3cret@127.0.0.1:${port}`,
    NODE_EXTRA_CA_CERTS: certFile,
  }
}

test('proxy and worker meet in a Redis with TLS and a user that may do no more than they need', async () => {
  const langfuse = await startFakeLangfuse('v4')
  const upstream = await startFakeUpstream(answerJson({ choices: [] }))
  onTestFinished(async () => {
    await langfuse.close()
    await upstream[Symbol.asyncDispose]()
  })
  const redis = await startSecuredRedis()
  const proxy = await run('proxy', {
    ...redis,
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
  })
  const worker = await run('worker', {
    ...redis,
    DATA_DIR: tempDir(),
    LANGFUSE_PUBLIC_KEY: langfuse.keys.publicKey,
    LANGFUSE_SECRET_KEY: langfuse.keys.secretKey,
    LANGFUSE_BASE_URL: langfuse.baseUrl,
    LANGFUSE_FLUSH_INTERVAL: '0.1',
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
