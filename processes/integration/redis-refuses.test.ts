import { expect, onTestFinished, test } from 'vitest'
import type { Degradation } from '../../shared/degradation/degradations.ts'
import { freePort, startRedis } from '../../shared/testing/private-redis.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run } from '../testing/processes.ts'

type Ready = { readonly degraded: readonly Degradation[] }

async function start(command: string, redisUrl: string) {
  return run(command, { REDIS_URL: redisUrl, DATA_DIR: tempDir(), LOG_LEVEL: 'debug' })
}

const redisReason = ({ degraded }: Ready) => degraded.find(({ part }) => part === 'redis')?.reason

test.each(['proxy', 'worker'])(
  'a %s with a wrong password for Redis says so, and not the password',
  async (command) => {
    const redis = await startRedis({ args: ['--requirepass', 'the-right-one'] })
    onTestFinished(() => redis.stop())
    const process = await start(command, `redis://:the-wrong-one@127.0.0.1:${redis.port}`)
    await expect
      .poll(async () => redisReason(await process.getJson<Ready>('/readyz')), { timeout: 20_000 })
      .toContain('WRONGPASS')
    await expect.poll(process.stderr).toContain('WRONGPASS')
    expect(process.stderr()).not.toContain('the-wrong-one')
  },
)

test.each(['proxy', 'worker'])('a %s to whose Redis there is no connection says why', async (command) => {
  const process = await start(command, `redis://127.0.0.1:${await freePort()}`)
  await expect
    .poll(async () => redisReason(await process.getJson<Ready>('/readyz')), { timeout: 20_000 })
    .toContain('ECONNREFUSED')
})
