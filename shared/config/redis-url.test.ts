import { expect, test } from 'vitest'
import { loadConfig } from './load.ts'
import { hasHashTag, parseRedisUrl, redisUrl, shownHosts } from './redis-url.ts'

test('a URL of one server stays as it is', () => {
  expect(parseRedisUrl('rediss://user:p@ss@host:6380/2')).toEqual({
    kind: 'server',
    url: 'rediss://user:p@ss@host:6380/2',
  })
  expect(redisUrl('redis://host:6379/')).toBe('redis://host:6379')
})

test('a URL of Sentinels has the passwords of servers and Sentinels, the name of the master, and a database', () => {
  expect(
    parseRedisUrl('redis+sentinel://user:p%40s:s@one:26380,[::1],two/mymaster/3?sentinel_password=w%26tch'),
  ).toEqual({
    kind: 'sentinel',
    isTls: false,
    hosts: [
      { host: 'one', port: 26_380 },
      { host: '::1', port: 26_379 },
      { host: 'two', port: 26_379 },
    ],
    name: 'mymaster',
    db: 3,
    credentials: { username: 'user', password: 'p@s:s' },
    sentinelCredentials: { password: 'w&tch' },
  })
})

test.each(['rediss+sentinel://:secret@one/main', 'REDISS-SENTINEL://:secret@one:26379/main/0'])(
  '%s is one with TLS',
  (url) => {
    expect(parseRedisUrl(url)).toEqual({
      kind: 'sentinel',
      isTls: true,
      hosts: [{ host: 'one', port: 26_379 }],
      name: 'main',
      db: 0,
      credentials: { password: 'secret' },
      sentinelCredentials: {},
    })
  },
)

test('a URL of a Cluster names some of its nodes', () => {
  expect(parseRedisUrl('redis+cluster://one:7000,two')).toEqual({
    kind: 'cluster',
    isTls: false,
    hosts: [
      { host: 'one', port: 7_000 },
      { host: 'two', port: 6_379 },
    ],
    credentials: {},
  })
  expect(parseRedisUrl('rediss-cluster://user:secret@one')).toMatchObject({ kind: 'cluster', isTls: true })
})

test.each([
  'redis+sentinel://:hunter2@one:26379',
  'redis+sentinel://:hunter2@one:26379/main/x',
  'redis+sentinel://:hunter2@one/main?socket_timeout=hunter2',
  'redis+sentinel://:hunter2@/main',
  'redis+sentinel://:hunter2%@one/main',
  'redis+cluster://:hunter2@one:99999',
  'redis+cluster://:hunter2@one/1',
  'redis+cluster://:hunter2@one?ssl=hunter2',
  'redis://:hunter2@one:7000,two:7001',
  'redis://:hunter2@one,two',
  'sentinel://:hunter2@one:26379',
  'hunter2',
])('%s is refused, without showing it', (url) => {
  const load = () => loadConfig({ REDIS_URL: url })
  expect(load).toThrow(/^REDIS_URL must be a URL /)
  expect(load).not.toThrow(/hunter2/)
})

test('hosts are shown without user and password', () => {
  const shown = (url: string) => shownHosts(parseRedisUrl(url))
  expect(shown('redis://user:secret@host:6379/1')).toBe('host:6379')
  expect(shown('redis+sentinel://user:secret@one,[::1]:1/main')).toBe('one:26379,[::1]:1')
})

test('the keys of a Cluster need one slot', () => {
  const cluster = { REDIS_URL: 'redis+cluster://one' }
  expect(loadConfig(cluster).queuePrefix).toBe('{threadtap}')
  expect(() => loadConfig({ ...cluster, QUEUE_PREFIX: 'taps' })).toThrow(
    'QUEUE_PREFIX must have braces where REDIS_URL is a Cluster: {taps}',
  )
  expect(hasHashTag('a{b}c')).toBe(true)
  expect(hasHashTag('{}a')).toBe(false)
})
