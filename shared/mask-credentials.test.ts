import { expect, test } from 'vitest'
import { maskCredentials, maskSecrets } from './mask-credentials.ts'

test.each([
  ['https://api.example/v1', 'https://api.example/v1'],
  ['http://ada:secret@h/v1', 'http://***@h/v1'],
  ['http://ada:se@cret@h/v1', 'http://***@h/v1'],
  ['http://token@h:8080', 'http://***@h:8080'],
  ['a=http://u:p@h/v1,b=https://k@i/v1', 'a=http://***@h/v1,b=https://***@i/v1'],
  ['must be a URL, not "u:p@host/v1"', 'must be a URL, not "***@host/v1"'],
  ['https://h/v1?key=sk-1&api-version=2#x', 'https://h/v1?key=***&api-version=***#x'],
  ['https://h/v1?sk-1', 'https://h/v1?***'],
  ['"https://h/v1?key=1" is no base URL', '"https://h/v1?key=***" is no base URL'],
  ['https://h/v1?mail=a@b', 'https://h/v1?mail=***'],
  ['http://ada:se/cret@h/v1', 'http://***@h/v1'],
  ['http://ada:s#1?x/cret@h/v1', 'http://***@h/v1'],
  ['http://h:8080/users/@me', 'http://h:8080/users/@me'],
  ['write to ada@example.org: is it well?', 'write to ada@example.org: is it well?'],
])('%s is shown as %s', (text, shown) => {
  expect(maskCredentials(text)).toBe(shown)
})

test.each([
  ['no user for Basic cGs6c2s= at http://a:b@h', 'no user for Basic *** at http://***@h'],
  ['Cannot POST /v1/traces?token=1', 'Cannot POST /v1/traces?token=***'],
  ['either/or?', 'either/or?'],
  ['bearer sk-1234 is wrong', 'bearer *** is wrong'],
  ['the bearer of this', 'the bearer of this'],
  [
    "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' 'pass'",
    "ERR unknown command 'HELLO', with args beginning with: ***",
  ],
])('what a server says, "%s", is shown as "%s"', (text, shown) => {
  expect(maskSecrets(text)).toBe(shown)
})
