import { describe, expect, test } from 'vitest'
import { programsMissing } from './testing/checkers.ts'
import type { KubeObject } from './testing/documents.ts'
import { faultsOf } from './testing/faults.ts'
import { newest, oldest } from './testing/kube.ts'
import { lostKeys } from './testing/lost-keys.ts'

// The checks of the other files are worth as much as what they refuse. Here are things that they must.

const pod = (container: object) => ({
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'a', image: 'b', ...container }] },
})
const deployment = (container: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: { selector: { matchLabels: { app: 'a' } }, template: pod(container) },
})

describe.skipIf(programsMissing).each([oldest, newest])(
  `${programsMissing ?? 'the checks'}, for Kubernetes $cluster`,
  (kube) => {
    test('find nothing wrong with what is right', async () => {
      const right = deployment({ imagePullPolicy: 'Always', env: [{ name: 'A', value: '' }] })
      expect(await faultsOf(kube, [right])).toEqual([])
    })

    test('find a misspelt key, twice', async () => {
      const faults = await faultsOf(kube, [deployment({ imagePullPolcy: 'Always' })])
      expect(faults).toEqual([
        'Deployment a: .spec.template.spec.containers[0].imagePullPolcy is unknown to kubectl',
        'Deployment a: .spec.template.spec.containers.0.imagePullPolcy is unknown to the schema',
      ])
    })

    test('find a wrong type', async () => {
      const faults = await faultsOf(kube, [deployment({ ports: [{ containerPort: '80' }] })])
      expect(faults.join('\n')).toContain('cannot unmarshal string into Go struct field ContainerPort')
      expect(faults.join('\n')).toContain('/ports/0/containerPort is wrong: {"type":"integer"}')
    })

    test('find what is misspelt in a kind that kubectl does not print, and in custom resources', async () => {
      const budget = {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'a' },
        spec: { maxUnavailible: 1 },
      }
      const monitor = {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PodMonitor',
        metadata: { name: 'a' },
        spec: { selector: {}, podMetricsEndpoint: [] },
      }
      expect(await faultsOf(kube, [budget, monitor])).toEqual([
        'PodDisruptionBudget a: .spec.maxUnavailible is unknown to the schema',
        'PodMonitor a: .spec.podMetricsEndpoint is unknown to the schema',
      ])
    })

    test('find that something needed is missing', async () => {
      const { spec, ...rest } = deployment({})
      const { template } = spec as { readonly template: unknown }
      const faults = await faultsOf(kube, [{ ...rest, spec: { template } } as KubeObject])
      expect(faults).toEqual(['Deployment a: /spec is wrong: {"missingProperty":"selector"}'])
    })

    test('know no kind that nobody knows', async () => {
      const unknown = { apiVersion: 'example.com/v1', kind: 'Wish', metadata: { name: 'a' } }
      expect(await faultsOf(kube, [unknown])).toEqual(['Wish a: no schema of example.com/v1 Wish is known'])
    })
  },
)

test('a key is lost when it is there before and not after; what is empty is not missed', () => {
  const before = { a: [{ b: 1, c: 2 }], d: {}, e: '', f: { g: false } }
  expect(lostKeys(before, { a: [{ b: 1 }], f: {} })).toEqual(['.a[0].c', '.f.g'])
})
