import { selfSigned } from './self-signed.ts'

/**
 * Servers that speak TLS alone, between themselves too, with one user who may use the keys of the queue and nothing
 * administrative, and one for what administers them.
 */
export type RedisSecurity = {
  /** @param port that they listen on */
  serverArgs(port: number): readonly string[]
  /** What a replica needs beside that. */
  readonly replicaArgs: readonly string[]
  /** Lines of a Sentinel's configuration. */
  sentinelConfig(port: number, masterName: string): readonly string[]
  /** Of the user who may administer. */
  readonly adminOptions: RedisLogin
  /** How a Sentinel is reached. */
  readonly tlsOptions: RedisLogin
  /** The restricted user, as a URL has it. */
  readonly userinfo: string
  /** For NODE_EXTRA_CA_CERTS. */
  readonly certFile: string
}

/** In the terms of ioredis. */
export type RedisLogin = {
  readonly username?: string
  readonly password?: string
  readonly tls?: { readonly ca: string }
}

const admin = { username: 'operator', password: 'adm1n' }
const rules = 'tap on >s3cret ~{threadtap}* resetchannels +@all -@admin -@dangerous +info'
const adminRules = `${admin.username} on >${admin.password} ~* &* +@all`

export function redisSecurity(): RedisSecurity {
  const { cert, certFile, keyFile } = selfSigned()
  const tls: readonly (readonly [string, string])[] = [
    ['port', '0'],
    ['tls-auth-clients', 'no'],
    ['tls-cert-file', certFile],
    ['tls-key-file', keyFile],
    ['tls-ca-cert-file', certFile],
    ['tls-replication', 'yes'],
  ]
  const tlsOptions = { tls: { ca: cert } }
  return {
    serverArgs: (port) => [
      ...tls.flatMap(([name, value]) => [`--${name}`, value]),
      ...['--tls-port', String(port)],
      ...['--user', 'default', 'off'],
      ...['--user', ...rules.split(' ')],
      ...['--user', ...adminRules.split(' ')],
    ],
    replicaArgs: ['--masteruser', admin.username, '--masterauth', admin.password],
    sentinelConfig: (port, masterName) => [
      ...tls.map(([name, value]) => `${name} ${value}`),
      `tls-port ${port}`,
      `sentinel auth-user ${masterName} ${admin.username}`,
      `sentinel auth-pass ${masterName} ${admin.password}`,
    ],
    adminOptions: { ...admin, ...tlsOptions },
    tlsOptions,
    userinfo: 'tap:s3cret',
    certFile,
  }
}
