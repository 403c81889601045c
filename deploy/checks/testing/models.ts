import { existsSync, readFileSync } from 'node:fs'
import { checkers } from './checkers.ts'
import type { KubeObject } from './documents.ts'
import { watchReads } from './unread-keys.ts'

type Validate = {
  (data: unknown): boolean
  readonly errors: readonly { readonly instancePath: string; readonly params: unknown }[] | null
}

const packages = [
  'kubernetes-models',
  '@kubernetes-models/keda',
  '@kubernetes-models/prometheus-operator',
] as const

/**
 * The second opinion, by the schemas of kubernetes-models: what is missing, what has the wrong type, and, of every
 * kind, custom ones included, which keys are unknown.
 * @returns what is wrong; one sentence where no schema is known
 */
export async function checkByModel(object: KubeObject): Promise<readonly string[]> {
  const { apiVersion, kind } = object
  // A superset of the native policy, beside `evaluation` (kyverno.io/docs/policy-types/mutating-policy).
  if (apiVersion === 'policies.kyverno.io/v1' && kind === 'MutatingPolicy')
    return checkByModel(asNative(object))
  const validate = await validatorFor(apiVersion, kind)
  if (validate === undefined) return [`no schema of ${apiVersion} ${kind} is known`]
  const { value, unread } = watchReads(object)
  validate(value)
  const wrong = (validate.errors ?? []).map(
    ({ instancePath, params }) => `${instancePath} is wrong: ${JSON.stringify(params)}`,
  )
  return [...wrong, ...[...unread].map((path) => `${path} is unknown to the schema`)]
}

/** The generated class of a kind imports its validator from a file whose name only it knows. */
async function validatorFor(apiVersion: string, kind: string): Promise<Validate | undefined> {
  for (const name of packages) {
    const file = checkers?.path('node_modules', name, apiVersion, `${kind}.js`)
    if (file === undefined || !existsSync(file)) continue
    const [, schema] = /_schemas\/(\w+)/.exec(readFileSync(file, 'utf8')) ?? []
    if (schema === undefined) throw new Error(`${file} names no schema`)
    return (await checkers?.importFile<{ validate: Validate }>(`${name}/_schemas/${schema}.js`))?.validate
  }
  return undefined
}

function asNative({ spec, ...rest }: KubeObject): KubeObject {
  const { evaluation, ...native } = spec as Record<string, unknown>
  if (JSON.stringify(evaluation) !== '{"admission":{"enabled":true}}')
    throw new Error(`not known to this test: evaluation ${JSON.stringify(evaluation)}`)
  return {
    ...rest,
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    spec: native,
  }
}
