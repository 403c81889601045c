import { readFileSync } from 'node:fs'
import { maskCredentials } from '../mask-credentials.ts'
import { hasHashTag, parseRedisUrl } from './redis-url.ts'
import { type Setting, settings } from './settings.ts'
import { UnusableValue } from './unusable-value.ts'

type Declared = typeof settings

/** The value of every setting. Those without a default are absent when unset. */
export type Config = {
  readonly [K in keyof Declared as Declared[K] extends { fallback: string } ? K : never]: Value<Declared[K]>
} & {
  readonly [K in keyof Declared as Declared[K] extends { fallback: string } ? never : K]?: Value<Declared[K]>
}

type Value<S> = S extends { parse: (text: string) => infer T } ? T : never

type Environment = Readonly<Record<string, string | undefined>>

/** Every problem of an environment at once, a line each; without values of secrets. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings'
  readonly problems: readonly string[]
  /** What to type instead, by problem, where that can be told: `PORT=4010`. */
  readonly remedies: ReadonlyMap<string, string>

  constructor(problems: readonly string[], remedies: ReadonlyMap<string, string> = new Map()) {
    super(problems.join('\n'))
    this.problems = problems
    this.remedies = remedies
  }
}

/** What is wrong with settings beyond their text: @returns a sentence each */
export type ConfigCheck = (values: Partial<Config>) => readonly string[]

/**
 * Reads the settings from an environment. An empty variable counts as unset.
 * @param checks for what some processes need only, such as files
 * @throws InvalidSettings naming every invalid variable, and why
 */
export function loadConfig(env: Environment, ...checks: readonly ConfigCheck[]): Config {
  const problems: string[] = []
  const remedies = new Map<string, string>()
  const values: Record<string, unknown> = {}
  for (const [name, declared] of Object.entries(settings) as [string, Setting<unknown>][]) {
    try {
      const raw = read(env, declared)
      if (raw !== undefined) values[name] = parseValue(declared, raw)
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause)
      problems.push(problem)
      if (cause instanceof InvalidSetting) remedies.set(problem, cause.remedy)
    }
  }
  const partial = values as Partial<Config>
  problems.push(...contradictions(partial), ...checks.flatMap((check) => check(partial)))
  if (problems.length > 0) throw new InvalidSettings(problems, remedies)
  return values as Config
}

type RawValue = { readonly variable: string; readonly text: string }

function read(env: Environment, declared: Setting<unknown>): RawValue | undefined {
  for (const variable of [declared.env, ...(declared.aliases ?? [])]) {
    const text = env[variable]
    if (text !== undefined && text !== '') return { variable, text }
    if (declared.secret) {
      const path = env[`${variable}_FILE`]
      if (path !== undefined && path !== '')
        return { variable: `${variable}_FILE`, text: readSecret(variable, path) }
    }
  }
  return declared.fallback === undefined ? undefined : { variable: declared.env, text: declared.fallback }
}

function readSecret(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new Error(`${variable}_FILE names a file that cannot be read: ${path}`, { cause })
  }
}

function parseValue(declared: Setting<unknown>, { variable, text }: RawValue): unknown {
  try {
    return declared.parse(text)
  } catch (cause) {
    throw new InvalidSetting(variable, declared.secret ? undefined : text, cause)
  }
}

/** One variable, whose text cannot be parsed. */
class InvalidSetting extends Error {
  /** What to type instead. */
  readonly remedy: string

  /** @param text undefined where nobody may see it */
  constructor(variable: string, text: string | undefined, cause: unknown) {
    const expected = cause instanceof Error ? cause.message : String(cause)
    const shown = text === undefined ? '' : `, not ${JSON.stringify(maskCredentials(text))}`
    super(`${variable} must be ${expected}${shown}`, { cause })
    const instead = cause instanceof UnusableValue ? cause.instead : undefined
    this.remedy = `${variable}=${instead ?? `<${expected}>`}`
  }
}

/** Settings that are useless without each other. */
const pairs = [
  [
    ['langfusePublicKey', 'LANGFUSE_PUBLIC_KEY'],
    ['langfuseSecretKey', 'LANGFUSE_SECRET_KEY'],
  ],
  [
    ['tlsCert', 'TLS_CERT'],
    ['tlsKey', 'TLS_KEY'],
  ],
] as const

function contradictions(values: Partial<Config>): string[] {
  return [...missingPartners(values), ...upstreamContradictions(values), ...slotContradictions(values)]
}

function missingPartners(values: Partial<Config>): string[] {
  return pairs.flatMap(([[first, firstName], [second, secondName]]) => {
    if ((values[first] === undefined) === (values[second] === undefined)) return []
    const [missing, given] = values[first] === undefined ? [firstName, secondName] : [secondName, firstName]
    return [`${missing} must be set where ${given} is`]
  })
}

/** A name that no upstream has would silently change nothing. */
function upstreamContradictions({ injectUsage, upstreams }: Partial<Config>): string[] {
  const names = [...(injectUsage?.byUpstream.keys() ?? [])]
  return names
    .filter((name) => name !== 'default' && upstreams?.has(name) === false)
    .map(
      (name) => `INJECT_USAGE names ${JSON.stringify(name)}, which is no upstream: UPSTREAMS has their names`,
    )
}

function slotContradictions({ redisUrl, queuePrefix = '' }: Partial<Config>): string[] {
  if (redisUrl === undefined || parseRedisUrl(redisUrl).kind !== 'cluster' || hasHashTag(queuePrefix))
    return []
  return [
    `QUEUE_PREFIX must have braces where REDIS_URL is a Cluster: {${queuePrefix.replace(/[{}]/g, '') || 'threadtap'}}`,
  ]
}
