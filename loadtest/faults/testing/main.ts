import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { compareLatency } from './latency.ts'
import { lineOf, markdownReport } from './report.ts'
import { type ScenarioResult, verdictOf } from './result.ts'
import { runScenario } from './run-scenario.ts'
import { fullSize, type Scenario } from './scenario.ts'
import { scenarios } from './scenarios/all.ts'
import { soak, soakFor } from './scenarios/soak.ts'
import { WaitedInVain } from './wait-for.ts'

// `npm run loadtest:faults`: what happens when everything around the relay breaks. ../README.md explains it.

/** @returns whether everything holds that is not known to be missing. @throws Error where an argument is wrong */
export async function main(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      /** Prints what the process that clients call has logged. */
      log: { type: 'boolean', default: false },
      /** How long `soak` takes. */
      minutes: { type: 'string', default: '1' },
      report: { type: 'string', default: 'faults-report.md' },
    },
  })
  if (values.list) return list()
  // Each process is ended with this one, by a listener of its own.
  process.setMaxListeners(0)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const named = positionals.length === 0 ? scenarios : positionals.map(scenarioOf)
  const chosen = named.map((scenario) => (scenario === soak ? soakFor(minutesOf(values.minutes)) : scenario))
  const results: ScenarioResult[] = []
  for (const [at, scenario] of chosen.entries()) {
    process.stderr.write(`${at + 1} of ${chosen.length}  ${scenario.name}: ${scenario.injected}\n`)
    const result = await resultOf(scenario)
    results.push(result)
    process.stdout.write(`${lineOf(result)}\n`)
    if (values.log && 'run' in result) process.stderr.write(result.run.log)
  }
  writeFileSync(values.report, `${markdownReport(results, about())}\n`)
  process.stderr.write(`report: ${values.report}\n`)
  return results.every((result) => verdictOf(result) !== 'does not hold')
}

function minutesOf(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`--minutes takes a whole number above 0, not "${text}"`)
  return Number(text)
}

function list(): boolean {
  for (const { name, injected } of scenarios) process.stdout.write(`${name.padEnd(28)} ${injected}\n`)
  return true
}

function scenarioOf(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found === undefined) throw new Error(`there is no scenario ${name}; --list names them`)
  return found
}

async function resultOf(scenario: Scenario): Promise<ScenarioResult> {
  const startedAt = performance.now()
  const timed = () => ({ scenario, seconds: (performance.now() - startedAt) / 1_000 })
  const skipped = scenario.unavailable?.()
  if (skipped !== undefined) return { ...timed(), skipped }
  try {
    const without = await runScenario(scenario, fullSize, false)
    const run = await runScenario(scenario, fullSize)
    return { ...timed(), run, latency: compareLatency(run.outcomes, without.outcomes) }
  } catch (cause) {
    return { ...timed(), failure: failureOf(cause) }
  }
}

function failureOf(cause: unknown): string {
  if (cause instanceof WaitedInVain) return cause.message
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}

const about = (): readonly string[] => [
  new Date().toISOString(),
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? ''}`,
  `load average at the end: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}`,
]
