import { spawnSync } from 'node:child_process'
import { checkers, type kubectlPackages } from './checkers.ts'

/** One minor version of Kubernetes: the programs that were released with it, and the cluster to render for. */
export type Kube = {
  /** The version that the cluster is taken to be. */
  readonly cluster: string
  helm(...args: string[]): Ran
  kubectl(args: readonly string[], input?: string): Ran
}

export type Ran = { readonly ok: boolean; readonly output: string; readonly complaint: string }

/** The oldest and the newest that deploy/ supports; 1.37 is rendered for, and decoded by the types of 1.36. */
export const oldest = kube('1.35', '1.35.0')
export const newest = kube('1.36', '1.37.0')

function kube(programs: keyof typeof kubectlPackages, cluster: string): Kube {
  const run = (name: string, args: readonly string[], input?: string): Ran => {
    if (checkers === undefined) throw new Error('no checkers here: the test should have been skipped')
    const home = checkers.path('home')
    const { status, stdout, stderr, error } = spawnSync(
      checkers.path('programs', programs, name, name),
      args,
      {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        // No cluster and no settings of whoever runs the tests.
        env: { PATH: process.env.PATH ?? '', HOME: home, KUBECONFIG: '/dev/null' },
        ...(input !== undefined && { input }),
      },
    )
    if (error !== undefined) throw error
    return { ok: status === 0, output: stdout, complaint: stderr }
  }
  return {
    cluster,
    helm: (...args) => run('helm', args),
    kubectl: (args, input) => run('kubectl', args, input),
  }
}

/** @throws where the program said no */
export function outputOf({ ok, output, complaint }: Ran): string {
  if (!ok) throw new Error(complaint)
  return output
}
