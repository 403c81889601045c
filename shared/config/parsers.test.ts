import { expect, test } from 'vitest'
import { plainHttpUrl } from './parsers.ts'

test('the URL of a server with keys of its own has neither user nor query, which would never be sent', () => {
  expect(plainHttpUrl('https://langfuse.example/base/')).toBe('https://langfuse.example/base')
  for (const url of ['https://ada:pass@langfuse.example/base', 'https://langfuse.example/base?token=pass#x'])
    expect(() => plainHttpUrl(url)).toThrow('without user, password and query: https://langfuse.example/base')
})
