import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'

export type PanelQuery = { readonly panel: string; readonly expr: string }

type Target = { readonly expr?: string }

/** @returns every query of every panel, with its variables replaced as Grafana replaces them for `All` */
export function panelQueries(dashboard: Pick<Dashboard, 'panels' | 'title'>): readonly PanelQuery[] {
  return (dashboard.panels ?? []).flatMap((panel) => {
    if (!('targets' in panel)) return []
    return ((panel.targets ?? []) as readonly Target[]).map(({ expr = '' }) => ({
      panel: `${dashboard.title}: ${panel.title}`,
      expr: substituted(expr),
    }))
  })
}

/** What Grafana makes of variables; the windows hold all of a test, on a slow machine too. */
const values: Readonly<Record<string, string>> = {
  namespace: '.*',
  upstream: '.*',
  model: '.*',
  __rate_interval: '10m',
  __range: '10m',
}

function substituted(expr: string): string {
  return expr.replace(/\$(\w+)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no variable is called ${name}: ${expr}`)
    return value
  })
}
