import type { Setting } from '../../shared/config/settings.ts'

/** Those that the chart sets itself, from other values, or that it has no use for. */
const own = ['HOST', 'PORT', 'ADMIN_HOST', 'ADMIN_PORT', 'DATA_DIR']
const ownOf = {
  // What could not be: applications are sent to http://, and nobody ends the growth of logs on a volume with a limit.
  injection: [...own, 'SPOOL_MAX_BYTES', 'TLS_CERT', 'TLS_KEY', 'THREAD_LOGS'],
  worker: [...own, 'LANGFUSE_BASE_URL', 'OTLP_ENDPOINT'],
} as const

type Schema = { readonly [key: string]: unknown }
type Values = Schema & { readonly properties: Schema; readonly $defs: Schema }

/**
 * The schema of the chart's values, with the settings that sidecar and worker may be given, and what their values look like.
 * Secrets are none of them: they would stand in the pod for everybody to read.
 */
export function withSettings(text: string, settings: Readonly<Record<string, Setting<unknown>>>): string {
  const schema = JSON.parse(text) as Values
  const open = Object.values(settings).filter(({ secret }) => !secret)
  const properties = { ...schema.properties }
  for (const [part, left] of Object.entries(ownOf)) {
    const names = open.map(({ env }) => env).filter((env) => !left.includes(env))
    const { properties: values, ...rest } = properties[part] as Values
    properties[part] = { ...rest, properties: { ...values, settings: settingsOf(names) } }
  }
  const patterns = Object.fromEntries(open.flatMap(({ env, parse: { pattern } }) => patternOf(env, pattern)))
  const $defs = { ...schema.$defs, settings: { properties: patterns } }
  return `${JSON.stringify({ ...schema, properties, $defs }, null, 2)}\n`
}

const settingsOf = (names: readonly string[]): Schema => ({
  type: 'object',
  description: 'docs/settings.md; not those that the chart sets itself, and no secrets',
  propertyNames: { enum: names },
  additionalProperties: { type: 'string' },
  allOf: [{ $ref: '#/$defs/settings' }],
})

/** An empty one counts as unset. */
const patternOf = (env: string, pattern: string | undefined): [string, Schema][] =>
  pattern === undefined ? [] : [[env, { pattern: `^$|(?i:${pattern})` }]]
