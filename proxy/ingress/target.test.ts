import { expect, test } from 'vitest'
import { loadConfig } from '../../shared/config/load.ts'
import { targetFinder } from './target.ts'
import { upstreamsOf } from './upstreams.ts'

const find = targetFinder(
  upstreamsOf(
    loadConfig({
      UPSTREAM_BASE_URL: 'https://api.openai.com/v1',
      UPSTREAMS: 'groq=https://api.groq.com/openai/v1,bare=http://127.0.0.1:8000',
    }),
  ),
)

test.each([
  ['/v1/chat/completions', 'default', 'https://api.openai.com', '/v1/chat/completions', 'chat', 'openai'],
  ['/v1/models?limit=2', 'default', 'https://api.openai.com', '/v1/models?limit=2', 'relay', 'openai'],
  [
    '/groq/v1/completions/',
    'groq',
    'https://api.groq.com',
    '/openai/v1/completions/',
    'text_completion',
    'groq',
  ],
  ['/bare/v1/embeddings', 'bare', 'http://127.0.0.1:8000', '/embeddings', 'embeddings', '127.0.0.1'],
  ['/v1/files/a%2Fb', 'default', 'https://api.openai.com', '/v1/files/a%2Fb', 'relay', 'openai'],
])('%s goes to %s', (url, name, origin, path, operation, provider) => {
  const target = find('POST', url)
  expect(target).toMatchObject({ upstream: { name, origin, provider }, path, operation })
})

test.each([
  ['/t/lesson%204/v1/models?x=1', 'lesson 4', 'default', '/v1/models?x=1'],
  ['/t/a%2Fb/groq/v1/models', 'a/b', 'groq', '/openai/v1/models'],
  ['/t/v1/v1/models', 'v1', 'default', '/v1/models'],
  ['/t/100%/v1/models', '100%', 'default', '/v1/models'],
  ['/t/t/groq/v1/v1/models', 't', 'groq', '/openai/v1/v1/models'],
])('%s belongs to the thread %s', (url, threadId, name, path) => {
  expect(find('GET', url)).toMatchObject({ threadId, upstream: { name }, path })
})

test('a path without /t/ has no thread', () => {
  expect(find('GET', '/groq/v1/t/x/v1/models')).not.toHaveProperty('threadId')
})

test('/openai/v1, which some SDKs append themselves, is the default upstream unless one has that name', () => {
  expect(find('POST', '/openai/v1/chat/completions')).toMatchObject({
    upstream: { name: 'default' },
    path: '/v1/chat/completions',
    operation: 'chat',
  })
  const named = targetFinder(upstreamsOf(loadConfig({ UPSTREAMS: 'openai=https://api.openai.com/v1' })))
  expect(named('POST', '/openai/v1/models')).toMatchObject({ upstream: { name: 'openai' } })
})

test('reading a stored completion is not a model call', () => {
  expect(find('GET', '/v1/chat/completions')).toMatchObject({ operation: 'relay' })
})

test.each([
  ['/nobody/v1/models', 'unknown_upstream'],
  ['/', 'unknown_path'],
  ['/t//v1/models', 'unknown_path'],
  ['/t/v1/models', 'unknown_upstream'],
  ['/t/x/nobody/v1/models', 'unknown_upstream'],
  ['/v10/models', 'unknown_path'],
  ['/a/b/v1/models', 'unknown_path'],
])('%s is rejected as %s', (url, code) => {
  expect(find('GET', url)).toMatchObject({ failure: { code } })
})
