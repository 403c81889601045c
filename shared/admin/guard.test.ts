import { expect, test } from 'vitest'
import { refusalOf } from './guard.ts'

const ask = (headers: Readonly<Record<string, string>>) =>
  refusalOf(
    { onLoopback: true },
    { method: 'GET', header: (name) => ({ host: 'localhost:4011', ...headers })[name] },
  )

test.each([
  ['a command line', {}],
  ['a person who types the address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
  ["the console's own script", { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
  [
    'a link on another page',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ],
])('%s may ask', (_, headers) => {
  expect(ask(headers)).toBeUndefined()
})

test.each([
  ['a page of another origin', { origin: 'https://evil.example' }],
  ['a page without an origin', { origin: 'null' }],
  ['a picture of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ['a script of a neighbour', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  [
    'a frame of another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ],
  ['a name that was rebound to this machine', { host: 'rebound.example:4011' }],
])('%s may not', (_, headers) => {
  expect(ask(headers)).toMatchObject({ status: 403 })
})
