import { expect, test } from 'vitest'
import { InvalidSettings, loadConfig } from './load.ts'

const upstreamOf = (url: string): string => loadConfig({ UPSTREAM_BASE_URL: url }).upstreamBaseUrl

test.each([
  ['https://api.openai.com/v1', 'https://api.openai.com/v1'],
  ['https://api.openai.com/v1/', 'https://api.openai.com/v1'],
  ['https://api.openai.com//v1//', 'https://api.openai.com/v1'],
  ['https://api.openai.com/v1/v1', 'https://api.openai.com/v1'],
  ['https://api.openai.com', 'https://api.openai.com/v1'],
  ['https://eu.api.openai.com/', 'https://eu.api.openai.com/v1'],
  ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/v1'],
  ['http://[::1]:8000/', 'http://[::1]:8000/v1'],
  ['http://vllm:8000/.', 'http://vllm:8000'],
  ['https://api.anthropic.com', 'https://api.anthropic.com/v1'],
  ['https://api.groq.com', 'https://api.groq.com/openai/v1'],
  ['https://api.groq.com/openai', 'https://api.groq.com/openai/v1'],
  ['https://openrouter.ai/api', 'https://openrouter.ai/api/v1'],
  ['https://me.openai.azure.com', 'https://me.openai.azure.com/openai/v1'],
  ['https://generativelanguage.googleapis.com', 'https://generativelanguage.googleapis.com/v1beta/openai'],
  ['https://me.services.ai.azure.com/models', 'https://me.services.ai.azure.com/models'],
  ['https://api.perplexity.ai', 'https://api.perplexity.ai'],
  ['https://api.deepseek.com/v1', 'https://api.deepseek.com/v1'],
  ['https://gateway.example/llm/', 'https://gateway.example/llm'],
  ['https://open.bigmodel.cn/api/paas/v4/', 'https://open.bigmodel.cn/api/paas/v4'],
  ['https://gateway.ai.cloudflare.com/v1/a/b/openai', 'https://gateway.ai.cloudflare.com/v1/a/b/openai'],
  ['http://u:p@gateway.example', 'http://u:p@gateway.example/v1'],
  ['https://me.example/v1/?api-version=1', 'https://me.example/v1?api-version=1'],
  ['http://vllm:8000?key=a/b/', 'http://vllm:8000/v1?key=a/b/'],
])('the upstream %s is %s', (given, expected) => {
  expect(upstreamOf(given)).toBe(expected)
  expect(upstreamOf(expected)).toBe(expected === 'http://vllm:8000' ? 'http://vllm:8000/v1' : expected)
  const named = loadConfig({ UPSTREAMS: `a=${given}` }).upstreams
  expect(named.get('a')).toBe(expected)
})

test.each([
  ['api.openai.com/v1', 'a URL that starts with http:// or https://'],
  ['wss://api.openai.com/v1', 'a URL that starts with http:// or https://'],
  [
    'https://api.openai.com/v1/chat/completions',
    'a base URL, without /chat/completions: https://api.openai.com/v1',
  ],
  ['http://localhost:11434/v1/embeddings/', 'a base URL, without /embeddings: http://localhost:11434/v1'],
  ['https://me.example/v1#x', 'a base URL, without #...: https://me.example/v1'],
])('the upstream %s is refused with a sentence that says what to set', (given, expected) => {
  const problems = (env: Record<string, string>): readonly string[] => {
    try {
      loadConfig(env)
      return []
    } catch (cause) {
      return cause instanceof InvalidSettings ? cause.problems : [String(cause)]
    }
  }
  expect(problems({ UPSTREAM_BASE_URL: given })).toEqual([
    `UPSTREAM_BASE_URL must be ${expected}, not "${given}"`,
  ])
  expect(problems({ UPSTREAMS: `groq=${given}` })).toEqual([
    `UPSTREAMS must be name=url,... where the url of groq is ${expected}, not "groq=${given}"`,
  ])
})

test('what is wrong with an upstream is said without its password', () => {
  const given = 'http://ada:secret@me.example/v1/embeddings?key=hidden'
  for (const env of [{ UPSTREAM_BASE_URL: given }, { UPSTREAMS: `a=${given},b=bob:secret@host` }]) {
    const problems = () => loadConfig(env)
    expect(problems).toThrow(/http:\/\/\*\*\*@me\.example/)
    expect(problems).not.toThrow(/secret|hidden/)
  }
})
