import { stringify } from 'yaml'
import { runbookUrl } from './alert.ts'
import { alerts } from './alerts.ts'

const origin = '# Generated from deploy/alerts by `npm run docs`.\n'

const spec = {
  groups: [
    {
      name: 'threadtap',
      rules: alerts.map((alert) => ({
        alert: alert.name,
        expr: alert.expr,
        for: alert.for,
        labels: { severity: alert.severity },
        annotations: {
          summary: alert.summary,
          description: alert.description,
          runbook_url: runbookUrl(alert),
        },
      })),
    },
  ],
}

/** A file for Prometheus' own `rule_files`; the chart makes its PrometheusRule of it. */
export const ruleFile = (): string => origin + stringify(spec, { lineWidth: 0 })

/** The same for the Prometheus operator, without the chart. */
export const prometheusRule = (): string =>
  origin +
  stringify(
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'threadtap', labels: { 'app.kubernetes.io/name': 'threadtap' } },
      spec,
    },
    { lineWidth: 0 },
  )
