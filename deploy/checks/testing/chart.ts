import { fileURLToPath } from 'node:url'
import { type KubeObject, parseObjects } from './documents.ts'
import { type Kube, outputOf, type Ran } from './kube.ts'

export const chartFolder = fileURLToPath(new URL('../../helm/threadtap', import.meta.url))

/** What the chart cannot do without. */
const leastValues = ['langfuse.existingSecret.name=langfuse'] as const

/** Runs `helm template` for a release "threadtap" in the namespace "threadtap". */
export function template({ helm, cluster }: Kube, values: readonly string[], chart = chartFolder): Ran {
  const sets = [...leastValues, ...values].flatMap((value) => ['--set', value])
  return helm('template', 'threadtap', chart, '--namespace', 'threadtap', '--kube-version', cluster, ...sets)
}

/** @throws with helm's words where the chart refuses */
export const render = (kube: Kube, values: readonly string[], chart = chartFolder): readonly KubeObject[] =>
  parseObjects(outputOf(template(kube, values, chart)))
