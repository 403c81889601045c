import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../shared/config/load.ts'
import { chartFolder, render } from './testing/chart.ts'
import { programsMissing } from './testing/checkers.ts'
import { deployFiles } from './testing/deploy-files.ts'
import { knownSettings } from './testing/known-settings.ts'
import { newest } from './testing/kube.ts'
import { kustomize } from './testing/kustomize.ts'
import { type Container, containersOf, type EnvVar, podOf } from './testing/pods.ts'

/** What looks like a setting and is somebody else's. */
const foreign: ReadonlySet<string> = new Set([
  // Of SDKs and of Node.
  'OPENAI_BASE_URL',
  'OPENAI_API_KEY',
  'NODE_ENV',
  'MALLOC_ARENA_MAX',
  // Of the example application.
  'PAUSE_MS',
  // Of docker and Compose.
  'COMPOSE_PROFILES',
  'CMD_SHELL',
  // Of images beside ours.
  'REDISCLI_AUTH',
  'DATABASE_URL',
  'ENCRYPTION_KEY',
  'TELEMETRY_ENABLED',
])
const foreignPrefix =
  /^(GF|POSTGRES|CLICKHOUSE|MINIO|NEXTAUTH|LANGFUSE_S3|LANGFUSE_INIT)_|^REDIS_(HOST|PORT|AUTH)$/

test('every setting that deploy/ and its guide name exists', () => {
  const unknown = deployFiles().flatMap(({ path, text }) =>
    [...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)]
      .map(([name]) => name)
      .filter((name) => !knownSettings.has(name) && !foreign.has(name) && !foreignPrefix.test(name))
      .map((name) => `${path}: ${name}`),
  )
  expect(unknown).toEqual([])
})

describe('the schema of the chart’s values', () => {
  const schema = JSON.parse(readFileSync(join(chartFolder, 'values.schema.json'), 'utf8')) as {
    readonly $defs: {
      readonly settings: { readonly properties: Readonly<Record<string, { pattern: string }>> }
    }
  }
  const patterns = Object.entries(schema.$defs.settings.properties)
  // JavaScript has no group that takes upper and lower case, RE2 has.
  const fits = (pattern: string, text: string): boolean =>
    new RegExp(pattern.replace('(?i:', '(?:'), 'i').test(text)
  const texts = [
    ',0,1,600,1048576,.5,0.5,1.0,true,NO,on,auto,none,INFO,full,hash,otlp'.split(','),
    [',', 'Auto,local=never', 'auto, \n local =\tnever\n', 'prompt, version', 'prompt,\n\tversion\n'],
    [
      'http://a',
      'HTTPS://a/v1',
      'http:a',
      '\nhttp://a',
      'a=http://b, c=https://d/v1',
      'a=http://b,\nc=http://d\n',
    ],
    ['{"user_id":"ada"}', '\n{"user_id":"ada"}\n', 'production', 'a.example', 'email', 'email,\ncard\n'],
  ].flat()

  function isTaken(name: string, text: string): boolean {
    try {
      loadConfig({ [name]: text })
      return true
    } catch (cause) {
      // That others are missing beside it is another complaint.
      return !String(cause).includes(`${name} must be`)
    }
  }

  test('refuses no value of a setting that threadtap takes', () => {
    expect(patterns.length).toBeGreaterThan(30)
    const refused = patterns.flatMap(([name, { pattern }]) =>
      texts.filter((text) => isTaken(name, text) && !fits(pattern, text)).map((text) => `${name}=${text}`),
    )
    expect(refused).toEqual([])
  })

  test('refuses for each of them what can be none of its values', () => {
    const taken = patterns.filter(([, { pattern }]) => fits(pattern, 'no such value'))
    expect(taken.map(([name]) => name)).toEqual([])
  })
})

describe.skipIf(programsMissing)(programsMissing ?? 'the environment of our containers', () => {
  const secrets = ['redis.urlSecret.name=a', 'otlp.endpoint=http://a', 'otlp.headersSecret.name=b']
  const objects = () => [
    ...render(newest, ['langfuse.baseUrl=https://langfuse.example.com', 'networkPolicy.enabled=true']),
    ...render(newest, [...secrets, 'worker.adminTokenSecret.name=c', 'worker.settings.LOG_LEVEL=debug']),
    ...kustomize(newest, 'example-app'),
  ]
  const containers = (): readonly Container[] =>
    objects()
      .flatMap((object) => podOf(object) ?? [])
      .flatMap(containersOf)
      .filter(({ image }) => image.startsWith('threadtap:'))

  test('has only settings that exist', () => {
    expect(containers().length).toBeGreaterThan(3)
    const names = containers().flatMap(({ env = [] }) => env.map(({ name }) => name))
    expect(names.filter((name) => !knownSettings.has(name))).toEqual([])
  })

  test('has only values that threadtap takes', () => {
    for (const { env = [] } of containers()) expect(() => loadConfig(openValues(env))).not.toThrow()
  })
})

/** What is not read from a file that only a cluster has. */
const openValues = (env: readonly EnvVar[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    env
      .filter(({ name, value }) => value !== undefined && !name.endsWith('_FILE'))
      .map(({ name, value = '' }) => [name, value]),
  )
