import { expect, test } from 'vitest'
import { hostList, originList } from './page-rules.ts'

test.each([
  ['', []],
  ['llm.example, .Corp.Example', ['llm.example', '.corp.example']],
  ['*.corp.example,llm.example:4010,[::1]:4010', ['.corp.example', 'llm.example:4010', '[::1]:4010']],
  ['llm.example.', ['llm.example']],
  ['*', ['*']],
])('ALLOWED_HOSTS=%s means %j', (text, hosts) => {
  expect(hostList(text)).toEqual(hosts)
})

test.each(['http://llm.example', 'llm.example/v1', 'llm.*', '*llm.example', 'a b', 'ada@llm.example'])(
  'ALLOWED_HOSTS=%s would match nothing, and is refused',
  (text) => {
    expect(() => hostList(text)).toThrow('names of hosts')
  },
)

test.each([
  ['', []],
  ['HTTPS://App.Example/', ['https://app.example']],
  ['https://app.example:443, http://localhost:3000', ['https://app.example', 'http://localhost:3000']],
  ['https://*.app.example', ['https://*.app.example']],
  ['*,null', ['*', 'null']],
  ['chrome-extension://abcdef', ['chrome-extension://abcdef']],
])('ALLOWED_ORIGINS=%s means %j', (text, origins) => {
  expect(originList(text)).toEqual(origins)
})

test.each([
  'app.example',
  'https://app.example/page',
  'https://app.*',
  'https://ada@app.example',
  'https://',
])('ALLOWED_ORIGINS=%s would match nothing, and is refused', (text) => {
  expect(() => originList(text)).toThrow('origins of pages')
})
