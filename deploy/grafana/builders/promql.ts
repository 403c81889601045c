import type { Declared } from '../../../shared/metrics/declared.ts'

/** A condition on a label: `error_type!=""`. */
export type Condition = `${string}${'=' | '!=' | '=~' | '!~'}"${string}"`

/** The dashboards' variables, and the label that each narrows where a metric has it. */
const variables = [
  ['upstream', '$upstream'],
  ['gen_ai_request_model', '$model'],
] as const

type Suffix = '' | '_bucket' | '_sum' | '_count'

/**
 * @returns a metric with the conditions of the variables, and further ones. `All` of a variable is `.*`, which also matches
 * a label that is missing: there is no namespace outside of Kubernetes
 */
export function select(metric: Declared, conditions: readonly Condition[] = [], suffix: Suffix = ''): string {
  const narrowed = variables
    .filter(([label]) => metric.labels.includes(label))
    .map(([label, variable]) => `${label}=~"${variable}"`)
  return `${metric.name}${suffix}{${['namespace=~"$namespace"', ...narrowed, ...conditions].join(', ')}}`
}

/** Sums a vector, by labels where some are given. */
export const sumBy = (labels: readonly string[], vector: string): string =>
  labels.length === 0 ? `sum(${vector})` : `sum by (${labels.join(', ')}) (${vector})`

const countOf = (metric: Declared): Suffix => (metric.type === 'histogram' ? '_count' : '')

/** @returns how often a second: of a counter, or of a histogram's observations */
export const rate = (
  metric: Declared,
  by: readonly string[] = [],
  conditions: readonly Condition[] = [],
): string => sumBy(by, `rate(${select(metric, conditions, countOf(metric))}[$__rate_interval])`)

/** @returns how often within the time that is shown */
export const total = (
  metric: Declared,
  by: readonly string[] = [],
  conditions: readonly Condition[] = [],
): string => sumBy(by, `increase(${select(metric, conditions, countOf(metric))}[$__range])`)

/** @returns a quantile of a histogram; nothing where nothing was observed, instead of NaN */
export const quantile = (
  share: number,
  metric: Declared,
  by: readonly string[] = [],
  conditions: readonly Condition[] = [],
): string => {
  const buckets = `rate(${select(metric, conditions, '_bucket')}[$__rate_interval])`
  return `histogram_quantile(${share}, ${sumBy(['le', ...by], buckets)}) >= 0`
}

/** @returns the mean of a histogram's observations; nothing where there are none */
export const mean = (metric: Declared, by: readonly string[] = []): string => {
  const sum = sumBy(by, `rate(${select(metric, [], '_sum')}[$__rate_interval])`)
  return quotient(sum, rate(metric, by))
}

/** @returns a quotient; nothing where it would be divided by 0 */
export const quotient = (part: string, whole: string): string => `${part} / (${whole} > 0)`

/** @returns a single number that is 0 where there is none */
export const orZero = (scalarVector: string): string => `(${scalarVector} or vector(0))`
