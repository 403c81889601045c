import { expect, test } from 'vitest'
import { loadConfig } from '../shared/config/load.ts'
import { type Addresses, banner, type Surroundings } from './banner.ts'

const addresses = { data: 'http://127.0.0.1:4010', admin: 'http://127.0.0.1:4011' }

const bannerOf = (
  env: Record<string, string>,
  at: Addresses = addresses,
  surroundings: Omit<Surroundings, 'command'> = { delivery: 'delivers', machine: '192.0.2.7' },
) => banner('threadtap', loadConfig(env), at, { command: 'threadtap', ...surroundings })

const everywhere = { data: 'http://0.0.0.0:4010', admin: 'http://[::]:4011' }

test('without settings it says where to call, where to look and what else there is, within 80 columns', () => {
  const text = bannerOf({})
  expect(text).toBe(`\
threadtap is running.
  point your application at it  OPENAI_BASE_URL=http://127.0.0.1:4010/v1
  calls go on to                https://api.openai.com/v1
  records go to                 the local store, ./.threadtap (threadtap calls)
  look at it                    http://127.0.0.1:4011/ in a browser
                                http://127.0.0.1:4011/metrics
                                http://127.0.0.1:4011/ledger
  for Langfuse, set             LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY
  for workers elsewhere, set    REDIS_URL
  is all well?                  threadtap doctor
`)
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
})

test('of a wildcard address it shows one that can be called, and warns of what is open', () => {
  const text = bannerOf({ HOST: '0.0.0.0', ADMIN_HOST: '::', UPSTREAM_API_KEY: 'sk-1' }, everywhere)
  expect(text).toContain('OPENAI_BASE_URL=http://127.0.0.1:4010/v1\n')
  expect(text).toContain('  http://192.0.2.7:4010/v1 from other machines\n')
  expect(text).toContain('http://[::1]:4011/metrics\n')
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'warning who reaches port 4010 can call through it, with your UPSTREAM_API_KEY, and read and register contexts: set DATA_TOKEN who reaches the admin port can read /metrics, and nothing else',
  )
  expect(text).not.toContain('sk-1')
})

test('what is to be minded is broken at 80 columns', () => {
  const warnings = [
    'nothing can be kept on disk: the data folder /proc/nope cannot be used (ENOENT): set DATA_DIR to a folder that this user may write to',
    'the spool fails; records wait in memory until it works again',
  ]
  const text = bannerOf({}, addresses, { delivery: 'delivers', warnings })
  expect(text.split('\n').slice(10)).toEqual([
    '  warning                       nothing can be kept on disk: the data folder',
    '                                  /proc/nope cannot be used (ENOENT): set',
    '                                  DATA_DIR to a folder that this user may write',
    '                                  to',
    '                                the spool fails; records wait in memory until it',
    '                                  works again',
    '',
  ])
})

test('a door that is closed, or leads nowhere else, is not warned of', () => {
  expect(bannerOf({ HOST: '0.0.0.0', DATA_TOKEN: 't' }, everywhere)).not.toContain('can call through it')
  expect(bannerOf({})).not.toContain('warning')
})

test.each([
  [
    { LANGFUSE_PUBLIC_KEY: 'p', LANGFUSE_SECRET_KEY: 's' },
    ['Langfuse at https://cloud.langfuse.com', 'the local store, '],
  ],
  [
    { LANGFUSE_PUBLIC_KEY: 'p', LANGFUSE_SECRET_KEY: 's', LOCAL_STORE: 'off' },
    ['Langfuse at https://cloud.langfuse.com'],
  ],
  [
    { OTLP_ENDPOINT: 'http://u:p@collector:4318', LOCAL_STORE: 'off' },
    ['OpenTelemetry at http://***@collector:4318'],
  ],
  [{ REDIS_URL: 'redis://r' }, ['the queue "threadtap" in Redis', 'the local store, ']],
])('with %j records go there', (env, places) => {
  const shown = /records go to +(.*\n(?: {32}.*\n)*)/.exec(bannerOf(env))?.[1] ?? ''
  const lines = shown.trim().split('\n')
  expect(lines).toHaveLength(places.length)
  for (const [at, place] of places.entries()) expect(lines[at]).toContain(place)
})

test('a proxy hands records to the workers, whatever else is set here', () => {
  const env = { REDIS_URL: 'redis://r', LANGFUSE_PUBLIC_KEY: 'p', LANGFUSE_SECRET_KEY: 's' }
  const text = bannerOf(env, addresses, { delivery: 'queues' })
  expect(text).toMatch(/^ {2}records go to +the queue "threadtap" in Redis, to the workers$/m)
  expect(text).not.toContain('Langfuse')
})

test('Langfuse that is switched off is said to be off', () => {
  const env = { LANGFUSE_PUBLIC_KEY: 'p', LANGFUSE_SECRET_KEY: 's', LANGFUSE_ENABLED: 'false' }
  expect(bannerOf(env)).toMatch(/^ {2}Langfuse +is off: LANGFUSE_ENABLED=false$/m)
})

test('a worker has no data port', () => {
  expect(bannerOf({ REDIS_URL: 'redis://r' }, { admin: addresses.admin })).not.toMatch(
    /OPENAI_BASE_URL|the queue/,
  )
})

test('credentials in the URLs of upstreams are lent to whoever reaches the port, and it says so', () => {
  const env = {
    HOST: '0.0.0.0',
    UPSTREAM_BASE_URL: 'http://ada:pass@h/v1',
    UPSTREAMS: 'a=http://h/v1?key=hidden',
  }
  const text = bannerOf(env, everywhere).replaceAll(/\s+/g, ' ')
  expect(text).toContain(
    'can call through it, with the credentials in UPSTREAM_BASE_URL and the credentials in UPSTREAMS,',
  )
  expect(text).not.toMatch(/pass|hidden/)
})

test('it does not send anybody to a console that is closed', () => {
  const closed = bannerOf({ ADMIN_HOST: '::' }, everywhere)
  expect(closed).toContain('/metrics')
  expect(closed).not.toMatch(/in a browser|\/ledger/)
  expect(bannerOf({ ADMIN_HOST: '::', ADMIN_TOKEN: 't' }, everywhere)).toContain('in a browser')
})
