import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { settings } from '../../shared/config/settings.ts'
import { admit, type PolicySpec } from './testing/admission-policy.ts'
import { constructorsToMaps } from './testing/cel-objects.ts'
import { render } from './testing/chart.ts'
import { programsMissing } from './testing/checkers.ts'
import { type KubeObject, only, parseObjects } from './testing/documents.ts'
import { faultsOf } from './testing/faults.ts'
import { newest, oldest } from './testing/kube.ts'
import { kustomize, withComponent } from './testing/kustomize.ts'
import { securityFaults } from './testing/pod-security.ts'
import { bytesOf, type Container, type PodSpec, type PodTemplate, podOf, sidecarOf } from './testing/pods.ts'
import { volumeNeeds } from './testing/volume-needs.ts'

const plainFile = fileURLToPath(new URL('../kubernetes/plain/deployment.yaml', import.meta.url))
const plain = (): KubeObject => only(parseObjects(readFileSync(plainFile, 'utf8')), 'Deployment')
const policy = (...values: string[]): PolicySpec =>
  only(render(newest, ['injection.mode=policy', ...values]), 'MutatingAdmissionPolicy').spec as PolicySpec

const templateOf = (object: KubeObject): PodTemplate => {
  const pod = podOf(object)
  if (pod === undefined) throw new Error(`${object.kind} makes no pods`)
  return pod
}

/** The pod that a workload makes, as the API server gets to see it. */
const asPod = (object: KubeObject): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  ...templateOf(object),
  metadata: { name: object.metadata.name, ...templateOf(object).metadata },
})

/** The order in which variables and volumes stand means nothing. */
function normal({ metadata, spec }: Pick<PodTemplate, 'metadata' | 'spec'>): unknown {
  const byName = <T extends { readonly name: string }>(
    items: readonly T[] | undefined,
  ): readonly T[] | undefined => items?.toSorted((a, b) => a.name.localeCompare(b.name))
  const container = ({ env, ...rest }: Container): object => ({ ...rest, env: byName(env) })
  return {
    labels: metadata.labels,
    ...spec,
    containers: spec.containers.map(container),
    initContainers: spec.initContainers?.map(container),
    volumes: byName(spec.volumes),
  }
}

/** The plain file without what it marks as threadtap's, but for the label where the policy needs it. */
function withoutThreadtap(object: KubeObject, { label }: { readonly label: boolean }): KubeObject {
  const { metadata, spec } = templateOf(object)
  const { 'threadtap.dev/inject': inject, ...labels } = metadata.labels ?? {}
  const { initContainers: _, volumes: __, ...rest } = spec
  const template = {
    metadata: { labels: label ? { ...labels, 'threadtap.dev/inject': inject } : labels },
    spec: {
      ...rest,
      containers: spec.containers.map(({ env = [], ...container }) => ({
        ...container,
        env: env.filter(({ name }) => name !== 'OPENAI_BASE_URL'),
      })),
    },
  }
  return { ...object, spec: { ...(object.spec as object), template } }
}

describe.skipIf(programsMissing).each([oldest, newest])(
  `${programsMissing ?? 'the sidecar is the same pod in the end'}, for Kubernetes $cluster`,
  (kube) => {
    test.each(['Deployment', 'StatefulSet', 'DaemonSet', 'Job'])(
      'by the component in a %s, and copied from the plain file',
      (kind) => {
        const made = withComponent(kube, [{ ...withoutThreadtap(plain(), { label: false }), kind }])
        expect(made).toHaveLength(1)
        expect(normal(templateOf(only(made, kind)))).toEqual(normal(templateOf(plain())))
      },
    )

    test('by the component in a CronJob', () => {
      const cronJob = {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly' },
        spec: {
          schedule: '0 3 * * *',
          jobTemplate: { spec: { template: templateOf(withoutThreadtap(plain(), { label: false })) } },
        },
      }
      const made = withComponent(kube, [cronJob])
      expect(normal(templateOf(only(made, 'CronJob')))).toEqual(normal(templateOf(plain())))
    })

    test('by the policy, and copied from the plain file', async () => {
      const pod = await admit(policy(), asPod(withoutThreadtap(plain(), { label: true })))
      expect(normal(pod as unknown as PodTemplate)).toEqual(normal(templateOf(plain())))
    })

    test('for the example application, its Job included', async () => {
      const labelled = kustomize(kube, 'example-app/with-label')
      const composed = kustomize(kube, 'example-app/with-threadtap')
      const injects = policy('injection.settings.UPSTREAM_BASE_URL=http://example-model:8000/v1')
      for (const kind of ['Deployment', 'Job']) {
        const injected = await admit(injects, asPod(only(labelled, kind)))
        expect(normal(injected as unknown as PodTemplate)).toEqual(normal(templateOf(only(composed, kind))))
      }
    })

    test('the component points every container at itself, whatever it named before', async () => {
      const before = withoutThreadtap(plain(), { label: false })
      const { metadata, spec } = templateOf(before)
      const containers = [
        { name: 'bare', image: 'a' },
        { name: 'named', image: 'a', env: [{ name: 'OPENAI_BASE_URL', value: 'http://mine/v1' }] },
        {
          name: 'referring',
          image: 'a',
          env: [{ name: 'OPENAI_BASE_URL', valueFrom: { configMapKeyRef: { name: 'c', key: 'url' } } }],
        },
      ]
      const initContainers = [{ name: 'migrate', image: 'a' }]
      const template = { metadata, spec: { ...spec, containers, initContainers } }
      const made = withComponent(kube, [{ ...before, spec: { ...(before.spec as object), template } }])
      const pod = templateOf(only(made, 'Deployment'))
      const ours = [{ name: 'OPENAI_BASE_URL', value: 'http://127.0.0.1:4010/v1' }]
      expect(pod.spec.containers.map(({ env }) => env)).toEqual([ours, ours, ours])
      expect(pod.spec.initContainers?.map(({ name }) => name)).toEqual(['threadtap', 'migrate'])
      expect(await faultsOf(kube, made)).toEqual([])
    })
  },
)

const pod = (
  spec: Partial<PodSpec>,
  labels: Readonly<Record<string, string>> = { 'threadtap.dev/inject': 'true' },
) =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', labels },
    spec: { containers: [{ name: 'app', image: 'app' }], ...spec },
  }) as KubeObject

const specOf = (object: KubeObject): PodSpec => object.spec as PodSpec
/** Of each container all values, because Kubernetes takes the last one. */
const baseUrls = (object: KubeObject): readonly (readonly (string | undefined)[])[] =>
  specOf(object).containers.map(({ env = [] }) =>
    env.filter(({ name }) => name === 'OPENAI_BASE_URL').map(({ value }) => value),
  )

describe.skipIf(programsMissing)(programsMissing ?? 'the policy', () => {
  const ours = 'http://127.0.0.1:4010/v1'

  test('leaves a pod alone that does not ask for it', async () => {
    const unlabelled = pod({}, { app: 'a' })
    expect(await admit(policy(), unlabelled)).toBe(unlabelled)
  })

  test('changes nothing when it sees its own pod again', async () => {
    const once = await admit(policy(), pod({}))
    expect(sidecarOf(once as unknown as PodTemplate).image).toBe('threadtap:0.1.0')
    expect(await admit(policy(), once)).toBe(once)
  })

  test.each<readonly [string, Partial<PodSpec>]>([
    ['brings a container of that name', { containers: [{ name: 'threadtap', image: 'mine' }] }],
    ['brings an init container of that name', { initContainers: [{ name: 'threadtap', image: 'mine' }] }],
    ['has a volume of that name', { volumes: [{ name: 'threadtap-data', emptyDir: {} }] }],
    ['uses the network of its node', { hostNetwork: true }],
    ['is for Windows', { os: { name: 'windows' } }],
  ])('leaves a pod alone that %s', async (_, spec) => {
    const alone = pod(spec)
    expect(await admit(policy(), alone)).toBe(alone)
  })

  test('never looks at kube-system, whatever the selector of the chart', () => {
    const notThere = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }
    const selectorOf = (...values: string[]): unknown => policy(...values).matchConstraints.namespaceSelector
    const selector = 'injection.namespaceSelector'
    expect(selectorOf()).toEqual({ matchExpressions: [notThere] })
    expect(
      selectorOf(
        `${selector}.matchLabels.team=a`,
        `${selector}.matchExpressions[0].key=stage`,
        `${selector}.matchExpressions[0].operator=Exists`,
      ),
    ).toEqual({
      matchLabels: { team: 'a' },
      matchExpressions: [notThere, { key: 'stage', operator: 'Exists' }],
    })
  })

  test('sets the base URL where a container has none, and nowhere else', async () => {
    const admitted = await admit(
      policy(),
      pod({
        containers: [
          { name: 'bare', image: 'a' },
          { name: 'own', image: 'a', env: [{ name: 'OPENAI_BASE_URL', value: 'http://mine/v1' }] },
          { name: 'other', image: 'a', env: [{ name: 'A', value: 'b' }] },
          { name: 'empty', image: 'a', env: [] },
        ],
      }),
    )
    expect(baseUrls(admitted)).toEqual([[ours], ['http://mine/v1'], [ours], [ours]])
    expect(specOf(admitted).containers[2]?.env?.[0]).toEqual({ name: 'A', value: 'b' })
  })

  test('comes before the init containers that are there, and beside the volumes', async () => {
    const admitted = await admit(
      policy(),
      pod({ initContainers: [{ name: 'migrate', image: 'a' }], volumes: [{ name: 'cache', emptyDir: {} }] }),
    )
    expect(specOf(admitted).initContainers?.map(({ name }) => name)).toEqual(['threadtap', 'migrate'])
    expect(specOf(admitted).volumes?.map(({ name }) => name)).toEqual(['cache', 'threadtap-data'])
  })

  test('follows the ports and the Redis of the chart', async () => {
    const values = ['injection.port=5010', 'injection.adminPort=5011', 'redis.urlSecret.name=redis']
    const admitted = await admit(policy(...values), pod({}))
    expect(baseUrls(admitted)).toEqual([['http://127.0.0.1:5010/v1']])
    const { env = [], ports } = sidecarOf(admitted as unknown as PodTemplate)
    expect(ports).toEqual([{ name: 'threadtap-admin', containerPort: 5011 }])
    expect(env.filter(({ name }) => name === 'REDIS_URL')).toEqual([
      { name: 'REDIS_URL', valueFrom: { secretKeyRef: { name: 'redis', key: 'redis-url' } } },
    ])
  })

  test('writes amounts as text, whatever the values say', async () => {
    const admitted = await admit(policy('injection.resources.requests.cpu=1'), pod({}))
    expect(sidecarOf(admitted as unknown as PodTemplate).resources?.requests).toEqual({
      cpu: '1',
      memory: '256Mi',
    })
  })

  test('takes the image as the chart says, and goes without amounts where it has none', async () => {
    const values = ['image.tag=latest', 'injection.resources=null', 'injection.settings=null']
    const sidecar = sidecarOf((await admit(policy(...values), pod({}))) as unknown as PodTemplate)
    expect(sidecar).toMatchObject({ image: 'threadtap:latest', imagePullPolicy: 'IfNotPresent' })
    expect(sidecar.resources).toEqual({})
  })

  test.each([1, 64, 256, 4096])('has a volume that outgrows a spool of %d MiB', async (spoolMiB) => {
    const admitted = await admit(policy(`injection.spoolMiB=${spoolMiB}`), pod({}))
    const [volume] = specOf(admitted).volumes ?? []
    expect(bytesOf(volume?.emptyDir?.sizeLimit ?? '0')).toBeGreaterThanOrEqual(
      volumeNeeds(spoolMiB * 1_048_576),
    )
  })

  test('leaves behind a pod that kubectl and the schemas know', async () => {
    const admitted = await admit(policy(), pod({}))
    expect(await faultsOf(newest, [admitted])).toEqual([])
  })

  test('an object whose type is not named after its place is found', () => {
    const wrong = 'Object.spec.volumes{emptyDir: Object.spec.emptyDir{}}'
    expect(() => constructorsToMaps(wrong)).toThrow(
      'emptyDir of Object.spec.volumes is given a Object.spec.emptyDir',
    )
    expect(constructorsToMaps('[Object.spec{a: {"b": "{c: d}"}, e: 1}]')).toBe(
      '[{"a": {"b": "{c: d}"}, "e": 1}]',
    )
  })
})

describe.skipIf(programsMissing).each([oldest, newest])(
  `${programsMissing ?? 'the sidecar'}, for Kubernetes $cluster`,
  (kube) => {
    const folders = ['example-app', 'example-app/app', 'example-app/with-label', 'example-app/with-threadtap']

    test.each(folders)('%s: kubectl and the schemas find nothing wrong', async (folder) => {
      const objects = kustomize(kube, folder)
      expect(objects.length).toBeGreaterThan(0)
      expect(await faultsOf(kube, objects)).toEqual([])
      expect(objects.flatMap((object) => podOf(object) ?? []).flatMap(securityFaults)).toEqual([])
    })

    test('the plain file: kubectl and the schemas find nothing wrong', async () => {
      expect(await faultsOf(kube, [plain()])).toEqual([])
    })
  },
)

describe.skipIf(programsMissing)(programsMissing ?? 'the sidecar container', () => {
  const sidecar = (): Container => sidecarOf(templateOf(plain()))
  const value = (name: string): string =>
    sidecar().env?.find((variable) => variable.name === name)?.value ?? ''

  test('is a native sidecar that runs the proxy', () => {
    expect(sidecar()).toMatchObject({ restartPolicy: 'Always', args: ['proxy'] })
  })

  test('takes calls from its own pod only, and is looked at from outside', () => {
    expect(value('HOST')).toBe(settings.host.fallback)
    expect(value('ADMIN_HOST')).toBe('0.0.0.0')
    expect(sidecar().ports).toEqual([{ name: 'threadtap-admin', containerPort: Number(value('ADMIN_PORT')) }])
  })

  test('is probed at its admin port, by what asks neither Redis nor an upstream', () => {
    const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].map((name) => sidecar()[name])
    const paths = ['/readyz', '/readyz', '/livez']
    expect(probes).toEqual(
      paths.map((path) => expect.objectContaining({ httpGet: { path, port: 'threadtap-admin' } })),
    )
  })

  test('fits the restricted standard', () => {
    const { metadata, spec } = templateOf(plain())
    expect(securityFaults({ metadata, spec: { ...spec, containers: [] } })).toEqual([])
  })

  test('has a volume that the spool cannot outgrow', () => {
    const [volume] = templateOf(plain()).spec.volumes ?? []
    const limit = bytesOf(volume?.emptyDir?.sizeLimit ?? '0')
    expect(limit).toBeGreaterThanOrEqual(volumeNeeds(Number(value('SPOOL_MAX_BYTES'))))
  })

  test('has a memory limit and no CPU limit', () => {
    expect(Object.keys(sidecar().resources?.limits ?? {})).toEqual(['memory'])
  })

  test('is done before the time runs out that the plain file gives to both', () => {
    const { terminationGracePeriodSeconds } = templateOf(plain()).spec
    expect(Number(value('SHUTDOWN_TIMEOUT'))).toBeLessThan(Number(terminationGracePeriodSeconds))
  })
})
