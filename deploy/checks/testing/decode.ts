import type { KubeObject } from './documents.ts'
import type { Kube } from './kube.ts'
import { lostKeys } from './lost-keys.ts'

const builtIn = /^(v1|apps\/|batch\/|policy\/|autoscaling\/|(.*\.)?k8s\.io\/)/

/**
 * Decodes an object with kubectl's own Go types, without a cluster, and says what is wrong with it.
 *
 * `kubectl set` decodes before it changes anything: a wrong type fails with its path. What it prints for those kinds
 * that it can change lacks the keys that the types do not know. Of the others it only says, after decoding them, that
 * there is nothing to change; and of custom resources it knows nothing.
 */
export function decode({ kubectl }: Kube, object: KubeObject): readonly string[] {
  if (!isBuiltIn(object)) return []
  const change = object.kind === 'Service' ? ['selector', selectorOf(object)] : ['env', 'THREADTAP_CHECK=1']
  const { ok, output, complaint } = kubectl(
    ['set', ...change, '--local', '-f', '-', '-o', 'json'],
    JSON.stringify(object),
  )
  if (ok) return lostKeys(object, JSON.parse(output)).map((path) => `${path} is unknown to kubectl`)
  return complaint.includes('does not have a pod template') ? [] : [complaint.trim()]
}

const isBuiltIn = ({ apiVersion }: KubeObject): boolean => builtIn.test(`${apiVersion}/`)

/** A Service's selector is replaced, so it is replaced by itself. */
function selectorOf({ spec }: KubeObject): string {
  const { selector = {} } = spec as { readonly selector?: Readonly<Record<string, string>> }
  return Object.entries(selector)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
}
