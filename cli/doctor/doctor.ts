import { type Config, InvalidSettings, loadConfig } from '../../shared/config/load.ts'
import { adminAddress } from '../admin/admin-address.ts'
import type { Outcome } from '../terminal/outcome.ts'
import { harmless } from '../terminal/text-width.ts'
import { type Check, type Finding, notOk, runCheck } from './check.ts'
import { dataDirCheck } from './data-dir.ts'
import { langfuseCheck } from './langfuse.ts'
import { otlpCheck } from './otlp.ts'
import { redisCheck } from './redis.ts'
import { runningProcessCheck } from './running-process.ts'
import { setSettings, withoutCredentials } from './set-settings.ts'
import { upstreamChecks } from './upstreams.ts'

export type DoctorCommand = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** URL of the admin port to ask, before the settings. */
  readonly admin?: string
  /** Time of each check; they run at once. */
  readonly timeoutMs: number
}

type Named = Finding & { readonly name: string }

/** `threadtap doctor`: what is set, and whether what is set works. Not ok when any of it does not. */
export async function doctor({ env, admin, timeoutMs }: DoctorCommand): Promise<Outcome> {
  const config = configOrMistakes(env)
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

function configOrMistakes(env: DoctorCommand['env']): Config | Named[] {
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
    redisCheck(config),
    langfuseCheck(config),
    otlpCheck(config),
    runningProcessCheck(adminAddress(config, admin)),
  ]
}

function settingsText(env: DoctorCommand['env']): string {
  const set = setSettings(env)
  if (set.length === 0) return 'Nothing is set: every setting has its default.\n'
  const width = Math.max(...set.map(({ variable }) => variable.length))
  return set.map(({ variable, shown }) => `${variable.padEnd(width)}  ${harmless(shown)}\n`).join('')
}

function findingText({ state, name, said, mend }: Named): string {
  const line = `${state.padEnd(8)}  ${name}: ${harmless(withoutCredentials(said))}\n`
  return mend === undefined ? line : `${line}${' '.repeat(10)}to mend it: ${mend}\n`
}
