import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import type { Degradation } from '../../shared/degradation/degradations.ts'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { type PrivateCluster, startCluster } from '../../shared/testing/private-cluster.ts'
import { masterName, startSentinel } from '../../shared/testing/private-sentinel.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { run, runToExit } from '../testing/processes.ts'

/** Servers that fail over take seconds to notice, and connections as long again, on a machine with nothing else to do. */
const failoverTestMs = 180_000

/** Proxy and worker on either side of a Redis. */
async function startDeployment(redisUrl: string) {
  const langfuse = await lendLangfuse('v4')
  const upstream = await startFakeUpstream(answerJson({ choices: [] }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const proxy = await run('proxy', {
    REDIS_URL: redisUrl,
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
  })
  const worker = await run('worker', {
    REDIS_URL: redisUrl,
    DATA_DIR: tempDir(),
    ...langfuseEnv(langfuse),
  })
  async function call(content: string): Promise<void> {
    const response = await fetch(`${proxy.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'x-thread-id': 't1' },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }),
    })
    expect(response.status).toBe(200)
    await response.arrayBuffer()
  }
  const contents = (): string[] =>
    langfuse.observations().map(({ input }) => /call \d+/.exec(JSON.stringify(input))?.[0] ?? '')
  return { proxy, worker, call, contents, context: `${new URL(proxy.baseUrl).origin}/_threadtap/contexts/t1` }
}

test(
  'when a Sentinel names another master, calls go on and every record arrives',
  async () => {
    const sentinel = await startSentinel()
    onTestFinished(sentinel.stop)
    const { proxy, worker, call, contents } = await startDeployment(sentinel.url)
    await call('call 1')
    await proxy.waitForLedger(({ delivered }) => delivered === 1)
    await sentinel.master.kill()
    await call('call 2')
    await sentinel.failedOver()
    await call('call 3')
    await proxy.waitForLedger(({ delivered, accepted }) => delivered === 3 && accepted === 3)
    expect([...new Set(contents())].sort()).toEqual(['call 1', 'call 2', 'call 3'])
    expect(await worker.stop()).toBe(0)
    expect(await proxy.stop()).toBe(0)
    expect(proxy.stderr() + worker.stderr()).not.toContain('[ioredis]')
  },
  failoverTestMs,
)

test(
  'a master that hangs is left for the one that a Sentinel names instead',
  async () => {
    const sentinel = await startSentinel()
    onTestFinished(sentinel.stop)
    const { proxy, worker, call } = await startDeployment(sentinel.url)
    await call('call 1')
    await proxy.waitForLedger(({ delivered }) => delivered === 1)
    sentinel.master.freeze()
    await call('call 2')
    await sentinel.failedOver()
    await proxy.waitForLedger(({ delivered }) => delivered === 2)
    expect(await worker.stop()).toBe(0)
    expect(await proxy.stop()).toBe(0)
  },
  failoverTestMs,
)

test('proxy and worker meet in a Cluster, contexts included', async () => {
  const cluster = await lentCluster()
  const { proxy, worker, call, contents, context } = await startDeployment(cluster.url)
  expect((await fetch(context, { method: 'PUT', body: '{"user_id":"ada"}' })).ok).toBe(true)
  await call('call 1')
  await call('call 2')
  await proxy.waitForLedger(({ delivered }) => delivered === 2)
  expect(contents().sort()).toEqual(['call 1', 'call 2'])
  expect(await (await fetch(context)).json()).toMatchObject({ user_id: 'ada' })
  expect(await worker.stop()).toBe(0)
  expect(await proxy.stop()).toBe(0)
  expect(proxy.stderr() + worker.stderr()).toBe('')
})

test('doctor finds the queue behind Sentinel and Cluster, and says where a Sentinel knows no such master', async () => {
  const cluster = await lentCluster()
  const sentinel = await startSentinel()
  onTestFinished(sentinel.stop)
  const doctor = async (url: string) =>
    (await runToExit(['doctor'], { REDIS_URL: url, DATA_DIR: tempDir() })).stdout
  expect(await doctor(cluster.url)).toMatch(/^ok +Redis: .* answers, version .*, 0 packs in the queue$/m)
  expect(await doctor(sentinel.url)).toMatch(/^ok +Redis: .* answers, version .*, 0 packs in the queue$/m)
  const other = await doctor(sentinel.url.replace(masterName, 'other'))
  expect(other).toContain('know no master called other')
  expect(other).not.toMatch(/s3cret|w4tch/)
})

test('only the master of a Cluster that has the queue is asked for its memory', async () => {
  const cluster = await lentCluster()
  const { proxy, call } = await startDeployment(cluster.url)
  await call('call 1')
  await proxy.waitForLedger(({ delivered }) => delivered === 1)
  const [holder, ...others] = await byQueue(cluster)
  await Promise.all(others.map((port) => fill(port)))
  await untilAskedTwice(Number(holder))
  await call('call 2')
  await proxy.waitForLedger(({ delivered }) => delivered === 2)
  await fill(Number(holder))
  const degraded = async () => (await proxy.getJson<{ degraded: readonly Degradation[] }>('/readyz')).degraded
  await until(async () => (await degraded()).some(({ reason }) => reason === 'memory_full'))
})

test.each([
  ['proxy', 'redis+sentinel://127.0.0.1:1,127.0.0.1:2/mymaster'],
  ['proxy', 'redis+cluster://127.0.0.1:1,127.0.0.1:2'],
  ['worker', 'redis+sentinel://127.0.0.1:1,127.0.0.1:2/mymaster'],
  ['worker', 'redis+cluster://127.0.0.1:1,127.0.0.1:2'],
])('a %s that cannot reach %s says so, and stops when it is told to', async (command, url) => {
  const running = await run(command, { REDIS_URL: url, DATA_DIR: tempDir() })
  const readyz = () => running.getJson<{ degraded: readonly Degradation[] }>('/readyz')
  await until(async () => (await readyz()).degraded.some(({ part }) => part === 'redis'))
  expect(await running.stop()).toBe(0)
  expect(running.stderr()).not.toContain('[ioredis]')
})

async function lentCluster(): Promise<PrivateCluster> {
  const cluster = await startCluster()
  onTestFinished(cluster.stop)
  return cluster
}

/** @returns the ports of the nodes, the one that has the queue first */
async function byQueue({ nodes }: PrivateCluster): Promise<readonly number[]> {
  const counts = await Promise.all(
    nodes.map(async ({ port }) => ({ port, keys: await asked(port, (redis) => redis.dbsize()) })),
  )
  return counts.sort((a, b) => b.keys - a.keys).map(({ port }) => port)
}

/** The proxy asks for the length of the queue each time that it asks for the memory. */
async function untilAskedTwice(port: number): Promise<void> {
  await asked(port, async (redis) => {
    const times = async () => Number(/cmdstat_zcard:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1])
    const before = await times()
    await until(async () => (await times()) >= before + 4)
  })
}

/** Leaves a node less than 30 % of the memory that it may use. */
async function fill(port: number): Promise<void> {
  await asked(port, async (redis) => {
    const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
    await redis.config('SET', 'maxmemory', Math.round(used * 1.2))
  })
}

async function asked<T>(port: number, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port)
  try {
    return await ask(redis)
  } finally {
    redis.disconnect()
  }
}
