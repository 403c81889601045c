import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../shared/testing/private-redis.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run } from '../testing/processes.ts'

test.each([
  ['refuses connections', async () => freePort()],
  ['accepts connections and says nothing', silentServer],
])('a worker whose Redis %s ends when it is asked to', async (_, port) => {
  const worker = await run('worker', {
    REDIS_URL: `redis://127.0.0.1:${await port()}`,
    DATA_DIR: tempDir(),
    LOG_LEVEL: 'info',
  })
  expect(await worker.stop()).toBe(0)
  expect(worker.stderr()).toContain('"msg":"stopped"')
})

async function silentServer(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as { port: number }).port
}
