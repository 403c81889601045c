import { Redis } from 'ioredis'
import { freePort, type PrivateRedis, startRedis } from './private-redis.ts'
import type { RedisSecurity } from './redis-security.ts'
import { until } from './until.ts'

/** A Cluster of three masters. */
export type PrivateCluster = {
  /** REDIS_URL. It names two of the nodes, of which the first one is not there. */
  readonly url: string
  readonly nodes: readonly PrivateRedis[]
  stop(): Promise<void>
}

const slots = 16_384

/**
 * @param security where nodes speak TLS alone, and the URL is that of a restricted user
 * @throws Error where a server does not start
 */
export async function startCluster(security?: RedisSecurity): Promise<PrivateCluster> {
  const busPorts = await Promise.all([freePort(), freePort(), freePort()])
  const servers = await Promise.all(
    busPorts.map(async (busPort) => {
      const port = await freePort()
      const secured = security === undefined ? [] : [...security.serverArgs(port), '--tls-cluster', 'yes']
      const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), ...secured]
      return startRedis({ port, args })
    }),
  )
  const clients = servers.map(
    ({ port }) => new Redis(port, { ...security?.adminOptions, enableReadyCheck: false }),
  )
  try {
    await Promise.all(
      clients.map(async (client, at) => {
        const [first, end] = [at, at + 1].map((part) => Math.floor((slots * part) / clients.length))
        await client.cluster('ADDSLOTSRANGE', Number(first), Number(end) - 1)
        await client.call('cluster', 'meet', '127.0.0.1', String(servers[0]?.port), String(busPorts[0]))
      }),
    )
    for (const client of clients) {
      await until(async () => {
        const info = String(await client.cluster('INFO'))
        return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${servers.length}`)
      })
    }
  } finally {
    for (const client of clients) client.disconnect()
  }
  const hosts = `127.0.0.1:${await freePort()},127.0.0.1:${servers[1]?.port}`
  return {
    url:
      security === undefined ? `redis+cluster://${hosts}` : `rediss+cluster://${security.userinfo}@${hosts}`,
    nodes: servers,
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}
