import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { adminMetrics, proxyMetrics } from '../../../shared/metrics/catalogue.ts'
import type { Declared } from '../../../shared/metrics/declared.ts'
import { datasource } from './panel.ts'

export const datasourceVariable = new DatasourceVariableBuilder('datasource')
  .label('Data source')
  .type('prometheus')

export const namespaceVariable = labelVariable('namespace', 'Namespace', adminMetrics.buildInfo, 'namespace')

export const upstreamVariable = labelVariable(
  'upstream',
  'Upstream',
  proxyMetrics.retries,
  'upstream',
  'namespace=~"$namespace"',
)

export const modelVariable = labelVariable(
  'model',
  'Model',
  proxyMetrics.inputTokens,
  'gen_ai_request_model',
  'namespace=~"$namespace", upstream=~"$upstream"',
)

/** The values of a label. `All` is `.*` and not a list of them, so that it includes what has no such label. */
function labelVariable(
  name: string,
  label: string,
  metric: Declared,
  of: string,
  conditions?: string,
): Builder<VariableModel> {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({
      query: `label_values(${metric.name}${conditions === undefined ? '' : `{${conditions}}`}, ${of})`,
      refId: `${name}-values`,
    })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] })
}
