import type { KubeObject } from './documents.ts'

export type EnvVar = { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }

export type Container = {
  readonly name: string
  readonly image: string
  readonly restartPolicy?: string
  readonly args?: readonly string[]
  readonly env?: readonly EnvVar[]
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[]
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string | number>>
    readonly limits?: Readonly<Record<string, string | number>>
  }
  readonly securityContext?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

export type PodSpec = {
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly volumes?: readonly { readonly name: string; readonly emptyDir?: { readonly sizeLimit?: string } }[]
  readonly securityContext?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

export type PodTemplate = {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> }
  readonly spec: PodSpec
}

type Spec = {
  readonly template?: PodTemplate
  readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } }
}

/** @returns the pod that an object makes, or is; undefined for what makes none */
export function podOf(object: KubeObject): PodTemplate | undefined {
  if (object.kind === 'Pod') return object as unknown as PodTemplate
  const spec = object.spec as Spec | undefined
  return spec?.template ?? spec?.jobTemplate?.spec.template
}

export const containersOf = ({ spec }: PodTemplate): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
]

export function sidecarOf(pod: PodTemplate): Container {
  const sidecar = pod.spec.initContainers?.find(({ name }) => name === 'threadtap')
  if (sidecar === undefined) throw new Error('this pod has no container threadtap')
  return sidecar
}

/** @returns bytes */
export function bytesOf(quantity: string | number): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi)?$/.exec(String(quantity)) ?? []
  if (number === undefined) throw new Error(`not a quantity that this test knows: ${quantity}`)
  return Number(number) * 1024 ** ['', 'Ki', 'Mi', 'Gi'].indexOf(unit)
}
