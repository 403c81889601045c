import { Redis } from 'ioredis'
import { freePort, type PrivateRedis, startRedis } from './private-redis.ts'
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

/** @throws Error where a server does not start */
export async function startSentinel(): Promise<PrivateSentinel> {
  const servers: PrivateRedis[] = []
  const started = async (...options: Parameters<typeof startRedis>): Promise<PrivateRedis> => {
    const server = await startRedis(...options)
    servers.push(server)
    return server
  }
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()))
  }
  try {
    const args = ['--requirepass', password, '--masterauth', password]
    const master = await started({ args })
    const replica = await started({ args: [...args, '--replicaof', '127.0.0.1', String(master.port)] })
    // A Sentinel asks for replicas each ten seconds: it starts once there is one.
    await asked(replica.port, password, async (redis) => {
      await until(async () => (await redis.info('replication')).includes('master_link_status:up'))
    })
    const sentinel = await started({ config: sentinelConfig(master.port), args: ['--sentinel'] })
    const masterPort = (): Promise<number> =>
      asked(sentinel.port, sentinelPassword, async (redis) => {
        const address = (await redis.call('sentinel', 'get-master-addr-by-name', masterName)) as string[]
        return Number(address[1])
      })
    await asked(sentinel.port, sentinelPassword, async (redis) => {
      await until(
        async () => ((await redis.call('sentinel', 'replicas', masterName)) as unknown[]).length === 1,
      )
    })
    const hosts = `127.0.0.1:${await freePort()},127.0.0.1:${sentinel.port}`
    return {
      url: `redis+sentinel://:${password}@${hosts}/${masterName}?sentinel_password=${sentinelPassword}`,
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

function sentinelConfig(port: number): string {
  return [
    `requirepass ${sentinelPassword}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${port} 1`,
    `sentinel auth-pass ${masterName} ${password}`,
    `sentinel down-after-milliseconds ${masterName} 2000`,
    `sentinel failover-timeout ${masterName} 10000`,
  ].join('\n')
}

async function asked<T>(port: number, secret: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, { password: secret, enableReadyCheck: false })
  try {
    return await ask(redis)
  } finally {
    redis.disconnect()
  }
}
