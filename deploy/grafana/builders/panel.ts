import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'

/** Units of Grafana that are used here (packages/grafana-data/src/valueFormats); `suffix:` is one of ours. */
export type Unit =
  | 's'
  | 'dtdurations'
  | 'percentunit'
  | 'bytes'
  | 'short'
  | 'currencyUSD'
  | 'reqps'
  | 'cps'
  | 'suffix: tok/s'
  | 'suffix: rec/s'

export type Query = {
  readonly expr: string
  /** `{{label}}` stands for its value. */
  readonly legend: string
}

export type PanelSpec = {
  readonly title: string
  /** What it shows, and what to make of it: for whoever sees it for the first time, at night. */
  readonly description: string
  readonly unit: Unit
  readonly queries: readonly Query[]
  /** From these values on it is yellow, and red. */
  readonly thresholds?: { readonly warning?: number; readonly critical: number }
  /** Columns of Grafana's grid, which has 24. */
  readonly width?: number
  /** Instead of an empty panel. */
  readonly noValue?: string
  readonly max?: number
  readonly decimals?: number
}

export const datasource = { type: 'prometheus', uid: '$datasource' } as const

/** One number for now, or for the time that is shown. */
export function stat(spec: PanelSpec): Builder<Panel> {
  const panel = new StatBuilder()
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .height(4)
    .span(spec.width ?? 4)
  for (const target of targets(spec, true)) panel.withTarget(target)
  return common(panel, spec)
}

/** A line for each series, over time; `stacked` where they are parts of a whole. */
export function lines(spec: PanelSpec & { readonly stacked?: boolean }): Builder<Panel> {
  const panel = new TimeSeriesBuilder()
    .height(8)
    .span(spec.width ?? 8)
    .min(0)
    .lineWidth(1)
    .fillOpacity(spec.stacked ? 30 : 10)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
  if (spec.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
  if (spec.thresholds) {
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Line))
  }
  for (const target of targets(spec, false)) panel.withTarget(target)
  return common(panel, spec)
}

function common<P extends StatBuilder | TimeSeriesBuilder>(panel: P, spec: PanelSpec): P {
  panel
    .title(spec.title)
    .description(spec.description)
    .datasource(datasource)
    .unit(spec.unit)
    .noValue(spec.noValue ?? 'nothing yet')
    .thresholds(thresholds(spec))
  if (spec.max !== undefined) panel.max(spec.max)
  if (spec.decimals !== undefined) panel.decimals(spec.decimals)
  return panel
}

function targets({ queries }: PanelSpec, instant: boolean): readonly DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) => {
    const query = new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .datasource(datasource)
    return instant && expr.includes('$__range') ? query.instant() : query.range()
  })
}

function thresholds({ thresholds: limits }: PanelSpec): ThresholdsConfigBuilder {
  const steps = [{ value: null as number | null, color: 'green' }]
  if (limits?.warning !== undefined) steps.push({ value: limits.warning, color: 'yellow' })
  if (limits !== undefined) steps.push({ value: limits.critical, color: 'red' })
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}
