import { type Container, containersOf, type PodTemplate } from './pods.ts'

/**
 * What keeps a pod out of a namespace with the restricted pod security standard
 * (kubernetes.io/docs/concepts/security/pod-security-standards), and what it asks of us beyond: a read-only root.
 */
export function securityFaults(pod: PodTemplate): readonly string[] {
  return containersOf(pod).flatMap((container) =>
    containerFaults(pod, container).map((fault) => `${container.name}: ${fault}`),
  )
}

function containerFaults({ spec }: PodTemplate, { securityContext: own = {} }: Container): readonly string[] {
  const effective: Readonly<Record<string, unknown>> = { ...spec.securityContext, ...own }
  const seccomp = effective.seccompProfile as { readonly type?: string } | undefined
  const dropped = (own.capabilities as { readonly drop?: readonly string[] } | undefined)?.drop
  const wanted: readonly (readonly [boolean, string])[] = [
    [effective.runAsNonRoot === true, 'may run as root'],
    [typeof effective.runAsUser === 'number' && effective.runAsUser > 0, 'names no user'],
    [own.allowPrivilegeEscalation === false, 'may gain privileges'],
    [own.readOnlyRootFilesystem === true, 'may write to its root'],
    [dropped?.includes('ALL') === true, 'keeps capabilities'],
    [seccomp?.type === 'RuntimeDefault', 'has no seccomp profile'],
    [
      spec.hostNetwork !== true && spec.hostPID !== true && spec.hostIPC !== true,
      "shares the host's namespaces",
    ],
  ]
  return wanted.filter(([holds]) => !holds).map(([, fault]) => fault)
}
