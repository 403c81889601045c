import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { parseRedisUrl, type RedisAddress } from '../config/redis-url.ts'

/** A server, the master that Sentinels name, or a Cluster: all of our keys are in one slot, so that commands are the same. */
export type RedisClient = Redis | Cluster

/**
 * A connection for handing packs over and for queries: a command succeeds or fails in time and is never queued
 * for later, because what waits belongs in the spool. Errors of the connection itself are not reported: every command
 * rejects by itself.
 * @param url REDIS_URL
 * @param silenceMs after which a connection on which an answer is due is given up
 */
export function queryConnection(url: string, timeoutMs = 1_000, silenceMs = 10_000): RedisClient {
  const redis = connect(parseRedisUrl(url), {
    retryStrategy,
    enableOfflineQueue: false,
    perServer: {
      ...connecting,
      commandTimeout: timeoutMs,
      maxRetriesPerRequest: 1,
      // One that is open and silent is made anew. A network that forgot it says so to nobody, and TCP gives up after a quarter
      // of an hour; a master that hangs keeps its connections, while Sentinels have named another one.
      socketTimeout: Math.max(silenceMs, timeoutMs),
    },
  })
  redis.on('error', () => undefined)
  return redis
}

/** A connection for a BullMQ worker: its commands wait for Redis, as BullMQ requires (`maxRetriesPerRequest: null`). */
export function workerConnection(url: string): RedisClient {
  return connect(parseRedisUrl(url), {
    retryStrategy,
    perServer: { ...connecting, maxRetriesPerRequest: null },
  })
}

/** A connection to look at Redis once: it is opened by `connect()`, which rejects where Redis cannot be reached. */
export function singleConnection(url: string): RedisClient {
  return connect(parseRedisUrl(url), { retryStrategy: () => null, lazyConnect: true, perServer: connecting })
}

const connecting = { connectTimeout: 5_000 }

const retryStrategy = (attempt: number): number => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000)

type ConnectOptions = {
  readonly enableOfflineQueue?: false
  readonly lazyConnect?: true
  readonly retryStrategy: (attempt: number) => number | null
  readonly perServer: Pick<
    RedisOptions,
    'connectTimeout' | 'commandTimeout' | 'maxRetriesPerRequest' | 'socketTimeout'
  >
}

function connect(address: RedisAddress, options: ConnectOptions): RedisClient {
  const { retryStrategy: retry, perServer, ...lifetime } = options
  const single = { ...lifetime, ...perServer, retryStrategy: retry }
  if (address.kind === 'server') return new Redis(address.url, single)
  if (address.kind === 'sentinel') return new Redis({ ...single, ...sentinelOptions(address, retry) })
  const { hosts, isTls, credentials } = address
  return new Cluster([...hosts], {
    ...lifetime,
    clusterRetryStrategy: retry,
    redisOptions: { ...perServer, ...credentials, ...(isTls && { tls: {} }) },
    // While a replica takes over; a command is tried again each 100 ms.
    ...(lifetime.enableOfflineQueue === false && { maxRedirections: 10 }),
    // Certificates are for names, so that nodes which announce names are called by them.
    ...(isTls && { dnsLookup: (name, done) => done(null, name) }),
  })
}

function sentinelOptions(
  { hosts, name, db, isTls, credentials, sentinelCredentials }: RedisAddress & { readonly kind: 'sentinel' },
  retry: ConnectOptions['retryStrategy'],
): Omit<RedisOptions, 'replyMapping'> {
  const { username, password } = sentinelCredentials
  return {
    ...credentials,
    ...(username !== undefined && { sentinelUsername: username }),
    ...(password !== undefined && { sentinelPassword: password }),
    ...(isTls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
    sentinels: [...hosts],
    name,
    db,
    sentinelRetryStrategy: retry,
    // One that hangs must not keep us from the others.
    sentinelCommandTimeout: 2_000,
    // A connection outlives its server's being made a replica: 2 asks for the master and sends the command again.
    reconnectOnError: ({ message }) => (message.startsWith('READONLY') ? 2 : false),
  }
}
