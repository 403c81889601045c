import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'

export type Row = { readonly title: string; readonly panels: readonly Builder<Panel>[] }

export type DashboardSpec = {
  /** Stays the same for ever: links lead to it. */
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly variables: readonly Builder<VariableModel>[]
  readonly rows: readonly Row[]
}

/** In the form of Grafana 10 to 12 (schema v1), which 13 converts when it loads it. */
export function buildDashboard({ uid, title, description, variables, rows }: DashboardSpec): Dashboard {
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['threadtap'])
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .link(
      new DashboardLinkBuilder('threadtap')
        .type(DashboardLinkType.Dashboards)
        .tags(['threadtap'])
        .asDropdown(false)
        .includeVars(true)
        .keepTime(true),
    )
  for (const variable of variables) dashboard.withVariable(variable)
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title))
    for (const panel of row.panels) dashboard.withPanel(panel)
  }
  return numbered(dashboard.build())
}

/** Panels without an id get one when Grafana loads them, and links to one of them would change. */
function numbered(dashboard: Dashboard): Dashboard {
  const panels = (dashboard.panels ?? []).map((panel, index) => ({ ...panel, id: index + 1 }))
  return { ...dashboard, panels }
}
