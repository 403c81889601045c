import { type Config, InvalidSettings, loadConfig } from '../../shared/config/load.ts'
import { checkPorts } from '../../shared/config/ports.ts'
import { adminAddress } from '../admin/admin-address.ts'
import { jsonOutcome } from '../terminal/json-outcome.ts'
import type { Outcome } from '../terminal/outcome.ts'
import type { Paint, Style } from '../terminal/palette.ts'
import { paintOf, type Screen } from '../terminal/screen.ts'
import { sanitize } from '../terminal/text-width.ts'
import { wrap } from '../terminal/wrap.ts'
import type { Check } from './check.ts'
import { configuredSettings } from './configured-settings.ts'
import { dataDirCheck } from './data-dir.ts'
import { localStoreCheck } from './local-store.ts'
import { masked, type NamedFinding, runChecks } from './named-findings.ts'
import { portChecks } from './ports.ts'
import { type Finding, notOk } from './reach/finding.ts'
import { runningProcessCheck } from './running-process.ts'
import { serverChecks } from './servers.ts'

export type DoctorOptions = Pick<Screen, 'width' | 'paint'> & {
  readonly env: Readonly<Record<string, string | undefined>>
  /** URL of the admin port; takes precedence over the settings. */
  readonly admin?: string
  readonly json?: boolean
  /** For each check; all run concurrently. */
  readonly timeoutMs: number
}

/** Shows what is configured and whether it works. Not ok when any check fails. */
export async function doctor(options: DoctorOptions): Promise<Outcome> {
  const { env, admin, timeoutMs, json = false } = options
  const config = loadConfigOrFindings(env)
  const findings = Array.isArray(config) ? config : await findingsOf(config, timeoutMs, admin)
  const isOk = findings.every(({ state }) => state !== 'not ok')
  if (json) return jsonOutcome({ ok: isOk, settings: configuredSettings(env), findings }, isOk)
  return { text: doctorText(env, findings, options), ok: isOk }
}

async function findingsOf(config: Config, timeoutMs: number, admin?: string): Promise<NamedFinding[]> {
  const others = await runChecks(checksFor(config, admin), timeoutMs)
  // Afterwards: they listen for a moment, and would answer whoever asks for a running process there.
  return [...others, ...(await runChecks(portChecks(config), timeoutMs))]
}

function loadConfigOrFindings(env: DoctorOptions['env']): Config | NamedFinding[] {
  try {
    return loadConfig(env, checkPorts)
  } catch (cause) {
    if (!(cause instanceof InvalidSettings)) throw cause
    return cause.problems.map((problem) =>
      masked('setting', notOk(problem, cause.remedies.get(problem) ?? settingRemedy(problem))),
    )
  }
}

/** Every such problem begins with the variable. */
const settingRemedy = (problem: string): string =>
  `${/^\w+/.exec(problem)?.[0] ?? ''}=<value>, as docs/settings.md says`

function checksFor(config: Config, admin?: string): readonly Check[] {
  return [
    dataDirCheck(config.dataDir),
    localStoreCheck(config),
    ...serverChecks(config, Date.now()),
    runningProcessCheck(adminAddress(config, admin)),
  ]
}

function doctorText(env: DoctorOptions['env'], findings: readonly NamedFinding[], screen: DoctorOptions) {
  const paint = paintOf(screen)
  return `${settingsText(env, screen.width)}\n${findings.map((finding) => findingText(finding, screen.width, paint)).join('')}`
}

function settingsText(env: DoctorOptions['env'], width: number): string {
  const configured = configuredSettings(env)
  if (configured.length === 0) return 'Nothing is set: every setting has its default.\n'
  const column = Math.max(...configured.map(({ variable }) => variable.length)) + 2
  return configured
    .flatMap(({ variable, shown }) =>
      wrap(`${variable.padEnd(column)}${sanitize(shown)}`, width, ' '.repeat(column)),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

const styles: Readonly<Record<Finding['state'], Style>> = {
  ok: 'green',
  'not ok': 'red',
  'not used': 'dim',
}

const indent = ' '.repeat(10)

function findingText({ state, name, summary, remedy }: NamedFinding, width: number, paint: Paint): string {
  const [first = '', ...more] = wrap(`${state.padEnd(8)}  ${name}: ${summary}`, width, indent)
  const lines = [`${paint(styles[state], state)}${first.slice(state.length)}`, ...more]
  const toType = remedy === undefined ? [] : wrap(`${indent}to mend it: ${remedy}`, width, indent)
  return [...lines, ...toType.map((line) => paint('yellow', line))].map((line) => `${line}\n`).join('')
}
