import type { Parse } from './parsers.ts'

export type RedisHost = { readonly host: string; readonly port: number }

type Credentials = { readonly username?: string; readonly password?: string }

/** Where Redis is, in the terms of ioredis. */
export type RedisAddress =
  | { readonly kind: 'server'; readonly url: string }
  | {
      readonly kind: 'sentinel'
      readonly isTls: boolean
      readonly hosts: readonly RedisHost[]
      /** Name of the master that the Sentinels watch. */
      readonly name: string
      readonly db: number
      /** For the servers. */
      readonly credentials: Credentials
      readonly sentinelCredentials: Credentials
    }
  | {
      readonly kind: 'cluster'
      readonly isTls: boolean
      /** Some of the nodes; they know the others. */
      readonly hosts: readonly RedisHost[]
      readonly credentials: Credentials
    }

const forms =
  'redis://host:6379, redis+sentinel://host:26379,host2:26379/mymaster or redis+cluster://host:6379,host2:6379 (with TLS rediss...)'

/**
 * `redis://`, `redis+sentinel://` as the packages Redis-Sentinel-Url and docket read it, and `redis+cluster://`; also with
 * `rediss` and with `-` for `+`.
 * @throws Error that completes "REDIS_URL must be ...", and shows nothing of the URL
 */
export function parseRedisUrl(text: string): RedisAddress {
  const parts =
    /^(rediss?)[+-](sentinel|cluster):\/\/(?:([^/?#]*)@)?([^/?#@]*)\/?([^?#]*)(?:\?([^#]*))?$/i.exec(text)
  if (parts === null) return { kind: 'server', url: serverUrl(text) }
  const [, scheme = '', kind = '', userinfo, hosts = '', path = '', query] = parts
  const isTls = scheme.toLowerCase() === 'rediss'
  const credentials = credentialsIn(userinfo)
  return kind.toLowerCase() === 'sentinel'
    ? {
        kind: 'sentinel',
        isTls,
        credentials,
        hosts: hostsIn(hosts, 26_379),
        ...watched(path),
        ...askedAs(query),
      }
    : { kind: 'cluster', isTls, credentials, hosts: clusterHosts(hosts, path, query) }
}

/** The URL itself: what it says is looked up by `parseRedisUrl` where a connection is made. */
export const redisUrl: Parse<string> = (text) => {
  const url = text.replace(/\/+$/, '')
  parseRedisUrl(url)
  return url
}

/** @returns the hosts, without credentials: `host:26379,host2:26379` */
export function shownHosts(address: RedisAddress): string {
  if (address.kind === 'server') return new URL(address.url).host
  return address.hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',')
}

/** Keys of several slots cannot be used together in a Cluster: the queue's are in that of what is within these braces. */
export function hasHashTag(prefix: string): boolean {
  return /^[^{]*\{[^}]+\}/.test(prefix)
}

function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isServer = url !== undefined && ['redis:', 'rediss:'].includes(url.protocol)
  if (!isServer || url.host.includes(',')) throw new Error(`a URL such as ${forms}`)
  return text
}

function hostsIn(text: string, defaultPort: number): readonly RedisHost[] {
  return text.split(',').map((entry) => {
    const [, ipv6, name, port] = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+))(?::(\d+))?$/i.exec(entry.trim()) ?? []
    const host = ipv6 ?? name
    if (host === undefined || Number(port ?? 0) > 65_535) throw new Error(`a URL such as ${forms}`)
    return { host, port: Number(port ?? defaultPort) }
  })
}

function watched(path: string): { readonly name: string; readonly db: number } {
  const [, name = '', db = '0'] = /^([^/]+)(?:\/(\d+))?\/?$/.exec(path) ?? []
  if (name === '') {
    throw new Error(
      'a URL that names the master that the Sentinels watch, and maybe a database: redis+sentinel://host:26379/mymaster/0',
    )
  }
  return { name: decoded(name), db: Number(db) }
}

function clusterHosts(hosts: string, path: string, query: string | undefined): readonly RedisHost[] {
  if (!/^0?\/?$/.test(path) || (query ?? '') !== '') {
    throw new Error(
      'a URL without database and parameters, because a Cluster has only database 0: redis+cluster://host:6379',
    )
  }
  return hostsIn(hosts, 6_379)
}

/** What Sentinels are asked with, which the servers' password does not open. */
function askedAs(query = ''): { readonly sentinelCredentials: Credentials } {
  const parameters = new URLSearchParams(query)
  const username = parameters.get('sentinel_username') ?? ''
  const password = parameters.get('sentinel_password') ?? ''
  if ([...parameters.keys()].some((name) => !/^sentinel_(username|password)$/.test(name))) {
    throw new Error('a URL with no other parameters than sentinel_username and sentinel_password')
  }
  return { sentinelCredentials: present(username, password) }
}

function credentialsIn(userinfo = ''): Credentials {
  const [username = '', ...rest] = userinfo.split(':')
  return present(decoded(username), decoded(rest.join(':')))
}

function present(username: string, password: string): Credentials {
  return { ...(username !== '' && { username }), ...(password !== '' && { password }) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('a URL in which every % begins an escape, such as %25 for itself')
  }
}
