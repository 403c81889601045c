import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { InvalidSettings, loadConfig } from './load.ts'

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
    return []
  } catch (cause) {
    expect(cause).toBeInstanceOf(InvalidSettings)
    return (cause as InvalidSettings).problems
  }
}

test('an empty environment gives the defaults', () => {
  expect(loadConfig({ PORT: '' })).toMatchObject({
    host: '127.0.0.1',
    port: 4010,
    adminPort: 4011,
    upstreamBaseUrl: 'https://api.openai.com/v1',
    upstreams: new Map(),
    langfuseFlushAt: 20,
    langfuseFlushIntervalMs: 5000,
    langfuseTimeoutMs: 10_000,
    captureMaxBytes: 1_048_576,
    otlpHeaders: {},
  })
  expect(loadConfig({})).not.toHaveProperty('redisUrl')
})

test('all problems are reported at once, by variable, without secrets', () => {
  expect(
    problemsOf({
      PORT: '99999',
      LANGFUSE_PROTOCOL: 'grpc',
      LANGFUSE_SAMPLE_RATE: '2',
      UPSTREAMS: 'v1=http://x',
      REDIS_URL: 'http://user:hunter2@host',
      LANGFUSE_PUBLIC_KEY: 'pk-lf-hunter2',
      LANGFUSE_TRACING_ENVIRONMENT: 'prod.eu',
    }),
  ).toEqual([
    'PORT must be a whole number from 0 to 65535, not "99999"',
    expect.stringMatching(/^UPSTREAMS must be name=url/),
    expect.stringMatching(/^REDIS_URL must be a URL such as redis:\/\/host:6379, [^@]*$/),
    'LANGFUSE_PROTOCOL must be one of auto, otlp, ingestion, not "grpc"',
    'LANGFUSE_SAMPLE_RATE must be a number from 0 to 1, not "2"',
    expect.stringMatching(/^LANGFUSE_TRACING_ENVIRONMENT must be/),
    'LANGFUSE_SECRET_KEY must be set where LANGFUSE_PUBLIC_KEY is',
  ])
})

test('aliases and secret files are read, with precedence for env', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'key')
  writeFileSync(file, 'sk-lf-from-file\n')
  expect(
    loadConfig({
      LANGFUSE_PUBLIC_KEY: 'pk',
      LANGFUSE_SECRET_KEY_FILE: file,
      LANGFUSE_HOST: 'http://alias/',
    }),
  ).toMatchObject({ langfuseSecretKey: 'sk-lf-from-file', langfuseBaseUrl: 'http://alias' })
  expect(problemsOf({ ADMIN_TOKEN_FILE: join(folder, 'nothing') })).toEqual([
    expect.stringMatching(/^ADMIN_TOKEN_FILE names a file that cannot be read/),
  ])
})

test('upstreams are parsed by name', () => {
  expect(loadConfig({ UPSTREAMS: 'a=http://x/v1/, b=https://y' }).upstreams).toEqual(
    new Map([
      ['a', 'http://x/v1'],
      ['b', 'https://y/v1'],
    ]),
  )
})

test('callers decide what is listed for them, or nothing', () => {
  const listed = (text: string) => loadConfig({ LANGFUSE_CALLER_FIELDS: text }).langfuseCallerFields
  expect(loadConfig({}).langfuseCallerFields).toEqual(
    new Set(['prompt', 'version', 'release', 'environment']),
  )
  expect([listed('Public, prompt'), listed('none')]).toEqual([new Set(['public', 'prompt']), new Set()])
  expect(problemsOf({ LANGFUSE_CALLER_FIELDS: 'prompt,tags' })).toEqual([
    'LANGFUSE_CALLER_FIELDS must be none, or some of prompt, version, release, environment, public, not "prompt,tags"',
  ])
})
