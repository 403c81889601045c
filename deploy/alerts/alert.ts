/** A rule that should wake somebody, or at least be read the next morning. */
export type Alert = {
  readonly name: `Threadtap${string}`
  /** PromQL; every element of its vector is an alert. */
  readonly expr: string
  /** How long it has to hold: `5m`; `0m` for what happened and cannot be undone. */
  readonly for: `${number}m`
  /** critical: records are being lost or will be soon; warning: within the day. */
  readonly severity: 'critical' | 'warning'
  /** One line. `{{ $labels.name }}` stands for a label of the expression. */
  readonly summary: string
  /** What it means for records and calls; what to do stands in the runbook. */
  readonly description: string
}

/** Where the runbooks are, without their anchors. The chart can name another place: monitoring.prometheusRule.runbookUrl. */
export const runbooks = 'https://github.com/threadtap/threadtap/blob/main/docs/operations.md'

/** The page has a heading for each alert. */
export const runbookUrl = ({ name }: Pick<Alert, 'name'>): string => `${runbooks}#${name.toLowerCase()}`
