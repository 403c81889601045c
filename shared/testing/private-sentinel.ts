import { Redis } from 'ioredis'
import { freePort, type PrivateRedis, startRedis } from './private-redis.ts'
import type { RedisLogin, RedisSecurity } from './redis-security.ts'
import { until } from './until.ts'

/** A master, its replica, and a Sentinel that watches both; each wants its password. */
export type PrivateSentinel = {
  /** REDIS_URL. The first Sentinel that it names is not there. */
  readonly url: string
  /** What is the master at first. */
  readonly master: PrivateRedis
  readonly sentinelPort: number
  /** Resolves when the Sentinel names the other server. */
  failedOver(): Promise<void>
  stop(): Promise<void>
}

const password = 's3cret'
const sentinelPassword = 'w4tch'
export const masterName = 'mymaster'

/**
 * @param security where servers and Sentinel speak TLS alone, and the URL is that of a restricted user
 * @throws Error where a server does not start
 */
export async function startSentinel(security?: RedisSecurity): Promise<PrivateSentinel> {
  const servers: PrivateRedis[] = []
  const started = async (
    options: (port: number) => Parameters<typeof startRedis>[0],
  ): Promise<PrivateRedis> => {
    const port = await freePort()
    const server = await startRedis({ port, ...options(port) })
    servers.push(server)
    return server
  }
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()))
  }
  const serverArgs = (port: number): readonly string[] =>
    security === undefined
      ? ['--requirepass', password, '--masterauth', password]
      : [...security.serverArgs(port), ...security.replicaArgs]
  const serverOptions = security?.adminOptions ?? { password }
  const sentinelOptions = { ...security?.tlsOptions, password: sentinelPassword }
  try {
    const master = await started((port) => ({ args: serverArgs(port) }))
    const replica = await started((port) => ({
      args: [...serverArgs(port), '--replicaof', '127.0.0.1', String(master.port)],
    }))
    // A Sentinel asks for replicas each ten seconds: it starts once there is one.
    await asked(replica.port, serverOptions, async (redis) => {
      await until(async () => (await redis.info('replication')).includes('master_link_status:up'))
    })
    const sentinel = await started((port) => ({
      config: sentinelConfig(master.port, port, security),
      args: ['--sentinel', ...(security === undefined ? [] : ['--port', '0'])],
    }))
    const masterPort = (): Promise<number> =>
      asked(sentinel.port, sentinelOptions, async (redis) => {
        const address = (await redis.call('sentinel', 'get-master-addr-by-name', masterName)) as string[]
        return Number(address[1])
      })
    await asked(sentinel.port, sentinelOptions, async (redis) => {
      await until(
        async () => ((await redis.call('sentinel', 'replicas', masterName)) as unknown[]).length === 1,
      )
    })
    const hosts = `127.0.0.1:${await freePort()},127.0.0.1:${sentinel.port}`
    const scheme = security === undefined ? 'redis' : 'rediss'
    const userinfo = security?.userinfo ?? `:${password}`
    return {
      url: `${scheme}+sentinel://${userinfo}@${hosts}/${masterName}?sentinel_password=${sentinelPassword}`,
      master,
      sentinelPort: sentinel.port,
      failedOver: () => until(async () => (await masterPort()) === replica.port),
      stop,
    }
  } catch (cause) {
    await stop()
    throw cause
  }
}

function sentinelConfig(masterPort: number, port: number, security: RedisSecurity | undefined): string {
  return [
    `requirepass ${sentinelPassword}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 1`,
    ...(security?.sentinelConfig(port, masterName) ?? [`sentinel auth-pass ${masterName} ${password}`]),
    `sentinel down-after-milliseconds ${masterName} 2000`,
    `sentinel failover-timeout ${masterName} 10000`,
  ].join('\n')
}

async function asked<T>(port: number, options: RedisLogin, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, { ...options, enableReadyCheck: false })
  try {
    return await ask(redis)
  } finally {
    redis.disconnect()
  }
}
