import { type Config, InvalidSettings, loadConfig } from '../../shared/config/load.ts'
import { adminAddress } from '../admin/admin-address.ts'
import type { Outcome } from '../terminal/outcome.ts'
import { sanitize } from '../terminal/text-width.ts'
import { certificateCheck } from './certificate.ts'
import { type Check, type Finding, notOk, runCheck } from './check.ts'
import { configuredSettings, maskCredentials } from './configured-settings.ts'
import { dataDirCheck } from './data-dir.ts'
import { langfuseCheck } from './langfuse.ts'
import { otlpCheck } from './otlp.ts'
import { redisCheck } from './redis.ts'
import { runningProcessCheck } from './running-process.ts'
import { upstreamChecks } from './upstreams.ts'

export type DoctorOptions = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** URL of the admin port; takes precedence over the settings. */
  readonly admin?: string
  /** For each check; all run concurrently. */
  readonly timeoutMs: number
}

type NamedFinding = Finding & { readonly name: string }

/** Shows what is configured and whether it works. Not ok when any check fails. */
export async function doctor({ env, admin, timeoutMs }: DoctorOptions): Promise<Outcome> {
  const config = loadConfigOrFindings(env)
  const findings = Array.isArray(config)
    ? config
    : await Promise.all(
        checksFor(config, admin).map(async (check) => ({
          name: check.name,
          ...(await runCheck(check, timeoutMs)),
        })),
      )
  const text = `${settingsText(env)}\n${findings.map(findingText).join('')}`
  return { text, ok: findings.every(({ state }) => state !== 'not ok') }
}

function loadConfigOrFindings(env: DoctorOptions['env']): Config | NamedFinding[] {
  try {
    return loadConfig(env)
  } catch (cause) {
    if (!(cause instanceof InvalidSettings)) throw cause
    return cause.problems.map((problem) => ({ name: 'setting', ...notOk(problem, 'see docs/settings.md') }))
  }
}

function checksFor(config: Config, admin?: string): readonly Check[] {
  return [
    dataDirCheck(config.dataDir),
    ...upstreamChecks(config),
    certificateCheck(config, Date.now()),
    redisCheck(config),
    langfuseCheck(config),
    otlpCheck(config),
    runningProcessCheck(adminAddress(config, admin)),
  ]
}

function settingsText(env: DoctorOptions['env']): string {
  const configured = configuredSettings(env)
  if (configured.length === 0) return 'Nothing is set: every setting has its default.\n'
  const width = Math.max(...configured.map(({ variable }) => variable.length))
  return configured.map(({ variable, shown }) => `${variable.padEnd(width)}  ${sanitize(shown)}\n`).join('')
}

function findingText({ state, name, summary, remedy }: NamedFinding): string {
  const line = `${state.padEnd(8)}  ${name}: ${sanitize(maskCredentials(summary))}\n`
  return remedy === undefined ? line : `${line}${' '.repeat(10)}to mend it: ${remedy}\n`
}
