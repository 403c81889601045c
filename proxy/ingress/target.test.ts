import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../shared/config/load.ts'
import { targetFinder } from './target.ts'
import { upstreamsOf } from './upstreams.ts'

const find = targetFinder(
  upstreamsOf(
    loadConfig({
      UPSTREAM_BASE_URL: 'https://api.openai.com/v1',
      UPSTREAMS:
        'groq=https://api.groq.com/openai/v1,bare=http://127.0.0.1:8000,root=http://127.0.0.1:8000/.,gateway=https://gw.example/llm',
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
  ['/bare/v1/embeddings', 'bare', 'http://127.0.0.1:8000', '/v1/embeddings', 'embeddings', '127.0.0.1'],
  ['/root/v1/embeddings', 'root', 'http://127.0.0.1:8000', '/embeddings', 'embeddings', '127.0.0.1'],
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
  ['/t/t/groq/v1/t/models', 't', 'groq', '/openai/v1/t/models'],
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

const anthropicUrl = 'https://api.anthropic.com/v1'
const version = { 'anthropic-version': '2023-06-01' }

test.each<[string, Record<string, string>, string, typeof version | undefined, string]>([
  ['a path of its API', { UPSTREAMS: `anthropic=${anthropicUrl}` }, '/v1/messages', undefined, 'anthropic'],
  ['its header', { UPSTREAMS: `anthropic=${anthropicUrl}` }, '/v1/models?limit=1', version, 'anthropic'],
  [
    'a thread before it',
    { UPSTREAMS: `anthropic=${anthropicUrl}` },
    '/t/a/v1/messages',
    undefined,
    'anthropic',
  ],
  ['its provider', { UPSTREAMS: `claude=${anthropicUrl}` }, '/v1/messages', version, 'claude'],
  [
    'its provider, by prefix',
    { UPSTREAMS: `claude=${anthropicUrl}` },
    '/anthropic/v1/models',
    undefined,
    'claude',
  ],
  [
    'its name before its provider',
    { UPSTREAMS: `claude=${anthropicUrl},anthropic=http://127.0.0.1:9/v1` },
    '/v1/messages',
    version,
    'anthropic',
  ],
  [
    'the default where that is Anthropic',
    { UPSTREAM_BASE_URL: anthropicUrl, UPSTREAMS: 'anthropic=http://127.0.0.1:9/v1' },
    '/v1/messages',
    version,
    'default',
  ],
  ['the default where there is no other', {}, '/v1/messages', version, 'default'],
  [
    'an upstream that the path names',
    { UPSTREAMS: `anthropic=${anthropicUrl}` },
    '/default/v1/messages',
    version,
    'default',
  ],
])("finds the upstream of Anthropic's API by %s", (_, env, url, headers, name) => {
  const target = targetFinder(upstreamsOf(loadConfig(env)))('POST', url, headers)
  expect(target).toMatchObject({ upstream: { name } })
})

test("a call of another API stays with the default upstream although there is one of Anthropic's", () => {
  const named = targetFinder(upstreamsOf(loadConfig({ UPSTREAMS: `anthropic=${anthropicUrl}` })))
  for (const url of ['/v1/chat/completions', '/v1/models', '/v1/messages-of/x', '/v1/threads/t/messages']) {
    expect(named('POST', url, {})).toMatchObject({ upstream: { name: 'default' } })
  }
})

test("Anthropic's base URL is understood without /v1, as its SDKs write it", () => {
  const named = targetFinder(upstreamsOf(loadConfig({ UPSTREAMS: 'anthropic=https://api.anthropic.com' })))
  expect(named('POST', '/anthropic/v1/messages?beta=true')).toMatchObject({
    path: '/v1/messages?beta=true',
    operation: 'messages',
  })
})

test('reading a stored completion is not a model call', () => {
  expect(find('GET', '/v1/chat/completions')).toMatchObject({ operation: 'relay' })
})

test.each([
  ['/nobody/v1/models', 'unknown_upstream'],
  ['/', 'unknown_path'],
  ['/t//v1/models', 'unknown_path'],
  ['/t/v1/models', 'unknown_path'],
  ['/t/v1', 'unknown_path'],
  ['/t/v1/chat/completions', 'unknown_path'],
  ['/t/groq/chat/completions', 'unknown_path'],
  ['/v1x/chat/completions', 'unknown_path'],
  ['/nobody/chat/completions', 'unknown_path'],
  ['/openai/deployments/gpt/chat/completions', 'unknown_path'],
  ['/chats/completions', 'unknown_path'],
  ['/favicon.ico', 'unknown_path'],
  ['//nobody/v1/models', 'ambiguous_request'],
  ['//evil.example/v1/models', 'ambiguous_request'],
  ['//evil.example', 'ambiguous_request'],
  ['/t/x/nobody/v1/models', 'unknown_upstream'],
  ['/v10/models', 'unknown_path'],
  ['/a/b/v1/models', 'unknown_path'],
])('%s is rejected as %s', (url, code) => {
  expect(find('GET', url)).toMatchObject({ failure: { code } })
})

describe('what clients make of a base URL is understood', () => {
  const forms: readonly (readonly [base: string, why: string])[] = [
    ['/v1', 'as it should be'],
    ['//v1', 'a base URL that ends with a slash, and one before /v1'],
    ['///v1', 'more of them'],
    ['/v1/', 'a base URL that ends with a slash'],
    ['/v1//', 'with two'],
    ['/v1/v1', 'a client that adds /v1 itself'],
    ['/v1/v1/v1', 'two of them'],
    ['/v1//v1', 'the same after a slash'],
    ['//v1//v1/', 'all of it'],
    ['', 'a base URL without /v1'],
    ['/', 'the same with a slash'],
  ]
  const upstreams = [
    ['', 'default', '/v1'],
    ['/groq', 'groq', '/openai/v1'],
    ['/bare', 'bare', '/v1'],
    ['//groq', 'groq', '/openai/v1'],
    ['/groq/', 'groq', '/openai/v1'],
    ['/openai', 'default', '/v1'],
  ] as const
  const threads = [
    ['', undefined],
    ['/t/lesson%204', 'lesson 4'],
    ['//t/x', 'x'],
    ['/t/x/', 'x'],
    ['/t/t', 't'],
  ] as const

  for (const [base, why] of forms) {
    test.each(threads)(`${base} (${why}), behind "%s"`, (prefix, threadId) => {
      for (const [upstreamPrefix, name, basePath] of upstreams) {
        for (const [resource, operation] of [
          ['/chat/completions', 'chat'],
          ['/embeddings?x=/v1/v1', 'embeddings'],
          ['/files/a//b', 'relay'],
          ['/responses/', 'responses'],
        ] as const) {
          const url = prefix + upstreamPrefix + base + resource
          const target = find('POST', url)
          expect([url, target]).toMatchObject([
            url,
            { upstream: { name }, path: basePath + resource, operation },
          ])
          expect('threadId' in target ? target.threadId : undefined).toBe(threadId)
        }
      }
    })
  }

  test('the same for the paths of Anthropic, whose SDKs add /v1', () => {
    const named = targetFinder(upstreamsOf(loadConfig({ UPSTREAMS: `anthropic=${anthropicUrl}` })))
    for (const base of ['', '/', '/v1', '/v1/', '//v1', '/t/x', '/t/x/v1', '/anthropic', '/anthropic/v1']) {
      expect(named('POST', `${base}/v1/messages?beta=true`, version)).toMatchObject({
        upstream: { name: 'anthropic' },
        path: '/v1/messages?beta=true',
        route: '/v1/messages',
        operation: 'messages',
      })
    }
  })

  test('groq-sdk adds the path of its provider', () => {
    expect(find('POST', '/groq/v1/openai/v1/chat/completions')).toMatchObject({
      path: '/openai/v1/chat/completions',
    })
  })

  test('a second /v1 stays where the path of the upstream has no version, and may be meant for it', () => {
    expect(find('GET', '/root/v1/v1/models')).toMatchObject({ path: '/v1/models' })
    expect(find('GET', '/gateway/v1/v1/models')).toMatchObject({ path: '/llm/v1/models' })
  })

  test('a path without /v1 that names an upstream as well as a resource is refused', () => {
    const named = targetFinder(upstreamsOf(loadConfig({ UPSTREAMS: 'chat=http://127.0.0.1:1/v1' })))
    expect(named('POST', '/chat/completions')).toMatchObject({ failure: { code: 'unknown_path' } })
    expect(named('POST', '/chat/v1/completions')).toMatchObject({ upstream: { name: 'chat' } })
  })

  test('a refusal says what to set', () => {
    const message = (url: string) => {
      const target = find('POST', url)
      return 'failure' in target ? target.failure.message : ''
    }
    expect(message('/api/chat?x=1')).toBe(
      "/api/chat is not a path to an upstream: the base URL of the client must end with /v1 (of Anthropic's SDKs before it), /<upstream name>/v1 or /t/<thread id>/v1",
    )
    expect(message('/nobody/v1/models')).toBe(
      'there is no upstream called "nobody"; there are default, groq, bare, root, gateway (UPSTREAMS)',
    )
    expect(message('/t//v1/models')).toContain('/t//v1/models names no thread')
  })
})

test('a path that was called before still goes by the method and the headers of this call', () => {
  const seen = targetFinder(upstreamsOf(loadConfig({ UPSTREAMS: `anthropic=${anthropicUrl}` })))
  const calls = [
    ['POST', '/v1/chat/completions', undefined],
    ['POST', '/v1/chat/completions', version],
    ['GET', '/v1/chat/completions', undefined],
    ['POST', '/t/a/v1/chat/completions', undefined],
  ] as const
  const first = calls.map(([method, url, headers]) => seen(method, url, headers))
  expect(first).toMatchObject([
    { upstream: { name: 'default' }, operation: 'chat' },
    { upstream: { name: 'anthropic' }, operation: 'chat' },
    { upstream: { name: 'default' }, operation: 'relay' },
    { threadId: 'a' },
  ])
  expect(calls.map(([method, url, headers]) => seen(method, url, headers))).toEqual(first)
})
