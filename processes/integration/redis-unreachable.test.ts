import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Degradation } from '../../shared/degradation/degradations.ts'
import { freePort } from '../../shared/testing/private-redis.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { run } from '../testing/processes.ts'

const commands = { proxy: 'records wait in the spool', worker: 'queue unavailable' } as const

test.each([
  ['proxy', 'refuses connections', async () => freePort()],
  ['worker', 'refuses connections', async () => freePort()],
  ['proxy', 'accepts connections and says nothing', silentServer],
  ['worker', 'accepts connections and says nothing', silentServer],
] as const)('a %s whose Redis %s says so: a line, a metric, /readyz', async (command, _, port) => {
  const running = await run(command, {
    REDIS_URL: `redis://127.0.0.1:${await port()}`,
    DATA_DIR: tempDir(),
    LOG_LEVEL: 'info',
  })
  const readyz = () => running.getJson<{ ready: boolean; degraded: readonly Degradation[] }>('/readyz')
  await until(async () => (await readyz()).degraded.some(({ part }) => part === 'redis'))
  expect((await readyz()).ready).toBe(true)
  expect(await (await fetch(`${running.admin}/metrics`)).text()).toContain(
    'threadtap_degraded{part="redis"} 1',
  )
  expect(running.stderr()).toContain(commands[command])
})

async function silentServer(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as { port: number }).port
}
