import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Alert } from '../../alerts/alert.ts'
import { runbookUrl } from '../../alerts/alert.ts'
import type { AlertCase } from './alert-cases.ts'
import { programs } from './prometheus-programs.ts'

/** @returns what promtool said, where it found something wrong with a file of rules */
export const checkRules = (text: string): string | undefined =>
  promtool({ 'rules.yaml': text }, ['check', 'rules', 'rules.yaml'])

/** @returns what promtool says of a configuration of Prometheus and of the rules that it names */
export const checkConfig = (text: string): string =>
  run({ 'prometheus.yml': text }, ['check', 'config', 'prometheus.yml']).output

/** Runs one case against a file of rules. @returns what promtool said, where the alert did not do what it should */
export function testRules(rules: string, alert: Alert, { at, series, fires }: AlertCase): string | undefined {
  const file = {
    rule_files: ['rules.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          {
            eval_time: at,
            alertname: alert.name,
            exp_alerts: fires === undefined ? [] : [expected(alert, fires)],
          },
        ],
      },
    ],
  }
  return promtool({ 'rules.yaml': rules, 'test.yaml': JSON.stringify(file) }, ['test', 'rules', 'test.yaml'])
}

function expected(alert: Alert, labels: Readonly<Record<string, string>>): object {
  const filled = (text: string) =>
    text.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '')
  return {
    exp_labels: { ...labels, severity: alert.severity },
    exp_annotations: {
      summary: filled(alert.summary),
      description: filled(alert.description),
      runbook_url: runbookUrl(alert),
    },
  }
}

function promtool(files: Readonly<Record<string, string>>, args: readonly string[]): string | undefined {
  const { ok, output } = run(files, args)
  return ok ? undefined : output
}

function run(files: Readonly<Record<string, string>>, args: readonly string[]) {
  if (programs === undefined) throw new Error('no promtool here: the test should have been skipped')
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-promtool-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { status, stdout, stderr } = spawnSync(programs.promtool, args, { cwd: folder, encoding: 'utf8' })
  rmSync(folder, { recursive: true, force: true })
  return { ok: status === 0, output: `${stdout}${stderr}` }
}
