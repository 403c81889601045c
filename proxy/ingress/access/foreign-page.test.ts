import { expect, test } from 'vitest'
import { foreignPage } from './foreign-page.ts'

const rules = { host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }

test.each([
  ['an SDK on this machine', { host: '127.0.0.1:4010' }],
  ['an SDK that says localhost', { host: 'localhost:4010' }],
  ['an SDK that says ::1', { host: '[::1]:4010' }],
  ['another container', { host: 'threadtap:4010' }],
  ['another pod', { host: 'threadtap.prod.svc.cluster.local' }],
  ['a container that calls its host', { host: 'host.docker.internal:4010' }],
  ['HTTP/1.0 without a host', {}],
  ['a page that this port serves', { host: 'localhost:4010', origin: 'http://localhost:4010' }],
  ['a person who types the address', { host: 'localhost:4010', 'sec-fetch-site': 'none' }],
])('%s is no foreign page', (_, headers) => {
  expect(foreignPage(headers, rules)).toBeUndefined()
})

test.each([
  [
    'a page of another site',
    { host: '127.0.0.1:4010', origin: 'https://evil.example' },
    'a page of https://evil.example',
  ],
  ['a page without an origin', { host: '127.0.0.1:4010', origin: 'null' }, 'a page of null'],
  ['a page of another port', { host: 'localhost:4010', origin: 'http://localhost:3000' }, 'ALLOWED_ORIGINS'],
  [
    'an image or a form of another site',
    { host: 'localhost:4010', 'sec-fetch-site': 'cross-site' },
    'another site',
  ],
  ['a page whose name was rebound to us', { host: 'rebound.example:4010' }, 'its Host header is'],
  [
    'one that was rebound and says so twice',
    { host: 'rebound.example', origin: 'http://rebound.example' },
    'ALLOWED_HOSTS',
  ],
  ['a host that is none', { host: 'a b' }, 'its Host header is'],
])('%s is foreign', (_, headers, sign) => {
  expect(foreignPage(headers, rules)).toContain(sign)
})

test('names and origins that the settings allow are not foreign', () => {
  const allowing = {
    host: 'llm.example',
    allowedHosts: ['relay.example', '.corp.example'],
    allowedOrigins: ['https://app.example'],
  }
  for (const host of [
    'llm.example',
    'relay.example:4010',
    'RELAY.example',
    'a.corp.example',
    'relay.example.',
  ])
    expect(foreignPage({ host }, allowing)).toBeUndefined()
  expect(foreignPage({ host: 'corp.example.evil' }, allowing)).toContain('ALLOWED_HOSTS')
  const app = { host: 'localhost', origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }
  expect(foreignPage(app, allowing)).toBeUndefined()
  expect(foreignPage({ ...app, origin: 'https://app.example.evil' }, allowing)).toContain('ALLOWED_ORIGINS')
  expect(foreignPage(app, { ...rules, allowedOrigins: ['*'] })).toBeUndefined()
})

test('origins below a name are allowed by a wildcard, and that name itself is not', () => {
  const below = { ...rules, allowedOrigins: ['https://*.app.example'] }
  const from = (origin: string) => foreignPage({ host: 'localhost', origin }, below)
  expect(from('https://a.b.app.example')).toBeUndefined()
  for (const origin of ['https://app.example', 'http://a.app.example', 'https://evilapp.example', 'null'])
    expect(from(origin)).toContain('ALLOWED_ORIGINS')
})

test('ALLOWED_HOSTS takes names with a port in any spelling, and * for all', () => {
  const withPort = { ...rules, allowedHosts: ['llm.example:4010'] }
  expect(foreignPage({ host: 'LLM.example:4010' }, withPort)).toBeUndefined()
  expect(foreignPage({ host: 'llm.example:4011' }, withPort)).toContain('ALLOWED_HOSTS')
  expect(foreignPage({ host: 'any.example' }, { ...rules, allowedHosts: ['*'] })).toBeUndefined()
})
