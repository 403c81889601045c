import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { degradableParts } from '../../shared/degradation/degradations.ts'
import { dropReasons } from '../../shared/ledger/ledger.ts'
import { runbooks, runbookUrl } from '../alerts/alert.ts'
import { alerts } from '../alerts/alerts.ts'
import { alertCases } from './testing/alert-cases.ts'
import { chartFolder } from './testing/chart.ts'
import { deployFolder } from './testing/deploy-files.ts'
import { prometheusMissing } from './testing/prometheus-programs.ts'
import { checkConfig, checkRules, testRules } from './testing/promtool.ts'

/** As it is committed. */
const rules = readFileSync(join(chartFolder, 'rules/threadtap.yaml'), 'utf8')

describe.skipIf(prometheusMissing)(prometheusMissing ?? 'the alert rules', () => {
  test('promtool finds nothing wrong with them', () => {
    expect(checkRules(rules)).toBeUndefined()
  })

  test('it would, with a wrong expression or template', () => {
    expect(checkRules(rules.replace('sum by', 'summ by'))).toContain('could not parse expression')
    expect(checkRules(rules.replace('$labels.reason', '$lables.reason'))).toContain('undefined variable')
  })

  test('Compose’s Prometheus takes them', () => {
    const config = readFileSync(join(deployFolder, 'compose/prometheus/prometheus.yaml'), 'utf8')
    const mounted = '/etc/prometheus/rules'
    expect(readFileSync(join(deployFolder, 'compose/compose.yaml'), 'utf8')).toContain(
      `- ../helm/threadtap/rules:${mounted}:ro`,
    )
    expect(config).toContain(`${mounted}/*.yaml`)
    expect(checkConfig(config.replace(mounted, join(chartFolder, 'rules')))).toContain(
      `SUCCESS: ${alerts.length} rules found`,
    )
  })

  test.each(alertCases)('$alert in this situation: $situation', (alertCase) => {
    const alert = alerts.find(({ name }) => name === alertCase.alert)
    if (alert === undefined) throw new Error(`there is no alert ${alertCase.alert}`)
    expect(testRules(rules, alert, alertCase)).toBeUndefined()
  })
})

test('of every alert it is tested when it fires and when it is silent', () => {
  const untested = alerts.filter(({ name }) => {
    const cases = alertCases.filter(({ alert }) => alert === name)
    return !cases.some(({ fires }) => fires) || !cases.some(({ fires }) => !fires)
  })
  expect(untested.map(({ name }) => name)).toEqual([])
})

test('every alert leads to a runbook that says what it means, where to look and what to do', () => {
  const page = readFileSync(join(deployFolder, '../docs/operations.md'), 'utf8')
  const sections = new Map(page.split(/^### /m).map((text) => [text.split('\n')[0]?.trim(), text]))
  for (const alert of alerts) {
    const section = sections.get(alert.name) ?? ''
    expect(section, `${alert.name} has no section of its own`).not.toBe('')
    for (const part of ['**Means.**', '**Look.**', '**Do.**']) expect(section).toContain(part)
    expect(runbookUrl(alert)).toBe(`${runbooks}#${alert.name.toLowerCase()}`)
  }
  const intended = ['sampled_out', 'spans_off', 'caller_unsampled']
  const unexplained = dropReasons
    .filter((reason) => !intended.includes(reason))
    .filter((reason) => !sections.get('ThreadtapRecordsDropped')?.includes(`| \`${reason}\` |`))
  expect(unexplained).toEqual([])
  const parts = sections.get('ThreadtapDegraded') ?? ''
  expect(degradableParts.filter((part) => !parts.includes(`\`${part}\``))).toEqual([])
})
