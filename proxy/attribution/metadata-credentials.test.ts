import { expect, test } from 'vitest'
import { withoutCredentialsInMetadata } from './metadata-credentials.ts'

test.each([
  ['token'],
  ['openai_api_key'],
  ['accessToken'],
  ['AWS_SECRET_ACCESS_KEY'],
  ['x-api-key'],
  ['client.secret'],
  ['db_password'],
  ['cookie'],
  ['privateKey'],
])('a text called %s is a credential, wherever it is', (name) => {
  const deep = { list: [{ [name]: 'abc' }] }
  expect(withoutCredentialsInMetadata({ [name]: 'abc', deep })).toEqual({
    [name]: '[credential]',
    deep: { list: [{ [name]: '[credential]' }] },
  })
})

test.each([
  ['https://ada:pass@docs.example/page?id=5', 'https://***@docs.example/page?id=5'],
  ['https://docs.example/?page=5&access_token=abc&x=1', 'https://docs.example/?page=5&access_token=***&x=1'],
  ['sent with Bearer abcdefghijklmnop', 'sent with Bearer [credential]'],
  ['key sk-proj-abcdefghijklmnop1234', 'key [credential]'],
])('"%s" is kept as "%s"', (text, kept) => {
  expect(withoutCredentialsInMetadata({ text })).toEqual({ text: kept })
})

test('anything else stays as it is, and is not copied', () => {
  const metadata = {
    max_tokens: '5',
    tokens: ['a'],
    token: 7,
    secretary: 'ada',
    keyword: 'the key-value pairs',
    mail: 'mailto:ada@mail.example',
    page: 'https://docs.example/?page=5',
    sk: 'sk-short',
  }
  expect(withoutCredentialsInMetadata(metadata)).toBe(metadata)
})
