import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../shared/config/load.ts'
import { chartFolder, render } from './testing/chart.ts'
import { programsMissing } from './testing/checkers.ts'
import { deployFiles } from './testing/deploy-files.ts'
import { knownSettings, openSettings } from './testing/known-settings.ts'
import { newest } from './testing/kube.ts'
import { kustomize } from './testing/kustomize.ts'
import { type Container, containersOf, type EnvVar, podOf } from './testing/pods.ts'

/** What looks like a setting and is somebody else's. */
const foreign: ReadonlySet<string> = new Set([
  // Of SDKs and of Node.
  'OPENAI_BASE_URL',
  'OPENAI_API_KEY',
  'NODE_ENV',
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

/** Folders whose programs are the user's own, or a demo's, and take no settings from a manifest. */
const programs = /^(demo|examples)\//

test('every setting that deploy/ and its guide name exists', () => {
  const unknown = deployFiles()
    .filter(({ path }) => !programs.test(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)]
        .map(([name]) => name)
        .filter((name) => !knownSettings.has(name) && !foreign.has(name) && !foreignPrefix.test(name))
        .map((name) => `${path}: ${name}`),
    )
  expect(unknown).toEqual([])
})

describe('the schema of the chart’s values', () => {
  type Settings = {
    readonly properties: { readonly settings: { readonly propertyNames: { readonly enum: string[] } } }
  }
  const schema = JSON.parse(readFileSync(join(chartFolder, 'values.schema.json'), 'utf8')) as {
    readonly properties: { readonly injection: Settings; readonly worker: Settings }
  }
  /** Those that the chart sets itself, from other values. */
  const own = ['HOST', 'PORT', 'ADMIN_HOST', 'ADMIN_PORT', 'DATA_DIR']

  test('allows the sidecar every open setting that the chart does not set', () => {
    const allowed = openSettings.filter((name) => ![...own, 'SPOOL_MAX_BYTES'].includes(name))
    expect(schema.properties.injection.properties.settings.propertyNames.enum).toEqual(allowed)
  })

  test('allows the worker the same', () => {
    const allowed = openSettings.filter(
      (name) => ![...own, 'LANGFUSE_BASE_URL', 'OTLP_ENDPOINT'].includes(name),
    )
    expect(schema.properties.worker.properties.settings.propertyNames.enum).toEqual(allowed)
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
