import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort, type PrivateRedis, startRedis } from '../../../shared/testing/private-redis.ts'

/** A Redis of the run's own that can crash and come back on the same port, with what it kept on disk. */
export type RestartableRedis = {
  readonly port: number
  /** Makes it hang, as with SIGSTOP. */
  freeze(): void
  thaw(): void
  kill(): Promise<void>
  start(): Promise<void>
  /** For looking at it, and for what administrators do to it; closed with it. */
  client(): Redis
  stop(): Promise<void>
}

/** @param args of redis-server: without `--appendonly yes` it keeps nothing over a crash */
export async function startRestartableRedis(
  args: readonly string[],
  running = true,
): Promise<RestartableRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'threadtap-faults-redis-'))
  const clients: Redis[] = []
  const port = await freePort()
  let server: PrivateRedis | undefined
  const start = async (): Promise<void> => {
    server = await startRedis({ port, args: ['--dir', dir, ...args] })
  }
  if (running) await start()
  return {
    port,
    freeze: () => server?.freeze(),
    thaw: () => server?.thaw(),
    kill: async () => server?.kill(),
    start,
    client() {
      const client = new Redis(port)
      client.on('error', () => undefined)
      clients.push(client)
      return client
    },
    async stop() {
      for (const client of clients) client.disconnect()
      await server?.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
