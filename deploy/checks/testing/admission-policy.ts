import { constructorsToMaps } from './cel-objects.ts'
import { checkers } from './checkers.ts'
import type { KubeObject } from './documents.ts'
import { applyPatch, type Operation } from './json-patch.ts'

/** The part of a mutating policy's spec that this evaluates. */
export type PolicySpec = {
  readonly matchConstraints: {
    readonly objectSelector: { readonly matchLabels: Readonly<Record<string, string>> }
    readonly namespaceSelector: unknown
  }
  readonly matchConditions: readonly { readonly name: string; readonly expression: string }[]
  readonly mutations: readonly {
    readonly patchType: 'JSONPatch'
    readonly jsonPatch: { readonly expression: string }
  }[]
}

/** What this uses of @bufbuild/cel. */
type Cel = {
  run(expression: string, bindings: Readonly<Record<string, unknown>>): unknown
  isCelError(value: unknown): value is Error
  isCelList(value: unknown): value is Iterable<unknown>
  isCelMap(value: unknown): value is Iterable<readonly [string, unknown]>
}

/** @returns the pod as the API server would store it; the very same where the policy does not match */
export async function admit(policy: PolicySpec, pod: KubeObject): Promise<KubeObject> {
  const cel = await checkers?.importFile<Cel>('@bufbuild/cel/dist/esm/index.js')
  if (cel === undefined) throw new Error('no checkers here: the test should have been skipped')
  const evaluate = (expression: string, object: KubeObject): unknown => {
    const result = cel.run(constructorsToMaps(expression), { object })
    if (cel.isCelError(result)) throw result
    return toJson(cel, result)
  }
  const labels = pod.metadata.labels ?? {}
  const selected = Object.entries(policy.matchConstraints.objectSelector.matchLabels).every(
    ([name, value]) => labels[name] === value,
  )
  if (!selected || !policy.matchConditions.every(({ expression }) => evaluate(expression, pod) === true))
    return pod
  // Each mutation sees what the one before it did.
  return policy.mutations.reduce(
    (object, { jsonPatch }) =>
      applyPatch(object, evaluate(jsonPatch.expression, object) as readonly Operation[]),
    pod,
  )
}

function toJson(cel: Cel, value: unknown): unknown {
  if (cel.isCelMap(value))
    return Object.fromEntries([...value].map(([key, item]) => [key, toJson(cel, item)]))
  if (cel.isCelList(value)) return [...value].map((item) => toJson(cel, item))
  return typeof value === 'bigint' ? Number(value) : value
}
