import type { KubeObject } from './documents.ts'

export type Operation = { readonly op: string; readonly path: string; readonly value: unknown }

/** Applies "add" operations (RFC 6902 §4.1), which are all that the policy makes. */
export function applyPatch(object: KubeObject, operations: readonly Operation[]): KubeObject {
  const patched = structuredClone(object)
  for (const { op, path, value } of operations) {
    if (op !== 'add') throw new Error(`not known to this test: ${op}`)
    // RFC 6901 §4: "~1" before "~0".
    const steps = path
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    add(patched as Container, steps, value)
  }
  return patched
}

type Container = { [key: string]: unknown } | unknown[]

function add(container: Container, [step = '', ...further]: readonly string[], value: unknown): void {
  if (further.length > 0) {
    const inner = (container as Record<string, unknown>)[step]
    if (typeof inner !== 'object' || inner === null) throw new Error(`there is no ${step} to add to`)
    add(inner as Container, further, value)
  } else if (Array.isArray(container)) {
    const index = step === '-' ? container.length : Number(step)
    if (!(index >= 0 && index <= container.length)) throw new Error(`there is no place ${step} in the list`)
    container.splice(index, 0, value)
  } else {
    container[step] = value
  }
}
