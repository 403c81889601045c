import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { chartFolder, render, template } from './testing/chart.ts'
import { programsMissing } from './testing/checkers.ts'
import { type KubeObject, only, parseYaml, titleOf } from './testing/documents.ts'
import { faultsOf } from './testing/faults.ts'
import { newest, oldest, outputOf } from './testing/kube.ts'
import { kustomize } from './testing/kustomize.ts'
import { securityFaults } from './testing/pod-security.ts'
import { bytesOf, containersOf, podOf } from './testing/pods.ts'
import { repeatedNames } from './testing/repeated-names.ts'

const keda = ['worker.autoscaling.kind=keda', 'worker.autoscaling.keda.prometheusUrl=http://prometheus:9090']
const ownRedis = ['redis.enabled=false', 'redis.url=rediss://redis.example.com:6380']
const secrets = [
  'redis.passwordSecret.name=redis-password',
  'redis.urlSecret.name=redis',
  'otlp.endpoint=http://collector:4318',
  'otlp.headersSecret.name=otlp',
  'worker.adminTokenSecret.name=admin',
  'imagePullSecrets[0].name=regcred',
]

/** Values that between them reach every branch of the templates, but for what needs 1.36. */
const variants: Readonly<Record<string, readonly string[]>> = {
  'as it comes': [],
  'with Kyverno': ['injection.mode=kyverno', 'injection.settings.UPSTREAMS=a=http://a/v1'],
  'without a worker': [
    'worker.enabled=false',
    'injection.mode=kyverno',
    'monitoring.podMonitor.enabled=true',
  ],
  'with secrets': secrets,
  'with a Redis of its own': [
    ...ownRedis,
    'networkPolicy.enabled=true',
    'langfuse.baseUrl=https://langfuse.me',
  ],
  'with KEDA': [...keda, 'monitoring.podMonitor.enabled=true', 'monitoring.podMonitor.labels.release=p'],
  'with an autoscaler': ['worker.autoscaling.kind=hpa', 'networkPolicy.enabled=true'],
  'with a claim': ['worker.data.existingClaim=letters', 'worker.podDisruptionBudget.enabled=false'],
  'without annotations': [
    'monitoring.annotations=false',
    'worker.nodeSelector.disk=ssd',
    'worker.tolerations[0].operator=Exists',
    'worker.podAnnotations.team=a',
    'worker.settings.LOG_LEVEL=debug',
  ],
}

const policy = ['injection.mode=policy']

describe.skipIf(programsMissing).each([oldest, newest])(
  `${programsMissing ?? 'the chart'}, for Kubernetes $cluster`,
  (kube) => {
    test.each(Object.entries(variants))(
      '%s: kubectl and the schemas find nothing wrong',
      async (_, values) => {
        const objects = render(kube, values)
        expect(await faultsOf(kube, objects)).toEqual([])
        expect(objects.flatMap((object) => repeatedNames(object))).toEqual([])
      },
    )

    test.each(Object.entries(variants))('%s: every pod is fit for the restricted standard', (_, values) => {
      const pods = render(kube, values).flatMap((object) => podOf(object) ?? [])
      expect(pods.flatMap(securityFaults)).toEqual([])
      expect(pods.every(({ spec }) => spec.automountServiceAccountToken === false)).toBe(true)
    })

    test('passes the strict linter, and packs', () => {
      expect(kube.helm('lint', '--strict', chartFolder, '--set', 'otlp.endpoint=http://a').complaint).toBe('')
      expect(outputOf(kube.helm('package', chartFolder, '--destination', tempDir()))).toContain('.tgz')
    })
  },
)

describe.skipIf(programsMissing)(`${programsMissing ?? 'the chart'}: injection`, () => {
  test('the policy is right, and bound', async () => {
    const objects = render(newest, policy)
    expect(await faultsOf(newest, objects)).toEqual([])
    const { metadata, spec } = only(objects, 'MutatingAdmissionPolicy')
    expect(spec).toMatchObject({ failurePolicy: 'Ignore', reinvocationPolicy: 'Never' })
    expect(only(objects, 'MutatingAdmissionPolicyBinding').spec).toEqual({ policyName: metadata.name })
  })

  test('Kyverno gets the same policy', () => {
    const { evaluation, ...spec } = only(render(newest, ['injection.mode=kyverno']), 'MutatingPolicy')
      .spec as Spec
    expect(evaluation).toEqual({ admission: { enabled: true } })
    expect(spec).toEqual(only(render(newest, policy), 'MutatingAdmissionPolicy').spec)
  })
})

type Spec = Readonly<Record<string, unknown>>

describe.skipIf(programsMissing)(`${programsMissing ?? 'the chart'}: worker`, () => {
  const workerPod = (values: readonly string[]) =>
    podOf(only(render(newest, values), 'Deployment', 'threadtap-worker')) as NonNullable<
      ReturnType<typeof podOf>
    >

  test.each([
    ['rediss://redis.example.com:6380', [6380]],
    ['redis+sentinel://a:26380\\,b/mymaster', [26380, 26379, 6379]],
    ['redis+cluster://a:7000\\,b:7001', [7000, 7001, 6379]],
  ])('may reach the ports of %s', (url, ports) => {
    const values = ['redis.enabled=false', 'networkPolicy.enabled=true', `redis.url=${url}`]
    const policy = only(render(newest, values), 'NetworkPolicy', 'threadtap-worker')
    const [, redis] = (policy.spec as { egress: readonly { ports: readonly { port: number }[] }[] }).egress
    expect(redis?.ports.map(({ port }) => port)).toEqual(ports)
  })

  test('gets every secret as a file, and none as text or variable', () => {
    const { spec } = workerPod(secrets)
    const [worker] = spec.containers
    const names = (worker?.env ?? []).filter(({ name }) => name.endsWith('_FILE')).map(({ name }) => name)
    expect(names).toEqual([
      'REDIS_URL_FILE',
      'LANGFUSE_PUBLIC_KEY_FILE',
      'LANGFUSE_SECRET_KEY_FILE',
      'OTLP_HEADERS_FILE',
      'ADMIN_TOKEN_FILE',
    ])
    const files = (worker?.env ?? []).filter(({ name }) => names.includes(name)).map(({ value }) => value)
    expect(files.sort()).toEqual(mountedSecrets(spec.volumes).sort())
    expect((worker?.env ?? []).filter(({ valueFrom }) => valueFrom !== undefined)).toEqual([])
  })

  test('has its number of replicas from one place only', () => {
    const replicas = (values: readonly string[]) =>
      (only(render(newest, values), 'Deployment').spec as Spec).replicas
    expect(replicas([])).toBe(1)
    expect(replicas(keda)).toBeUndefined()
    expect(replicas(['worker.autoscaling.kind=hpa'])).toBeUndefined()
  })

  test('no container of ours has a CPU limit, and each has a memory limit above its request', () => {
    for (const values of Object.values(variants)) {
      for (const object of render(newest, values)) {
        for (const { resources } of containersOf(
          podOf(object) ?? { metadata: {}, spec: { containers: [] } },
        )) {
          expect(resources?.limits).not.toHaveProperty('cpu')
          expect(bytesOf(resources?.limits?.memory ?? 0)).toBeGreaterThan(
            bytesOf(resources?.requests?.memory ?? 0),
          )
        }
      }
    }
  })

  test('Redis has less memory to fill than its container may use, keeps a file and forgets nothing', () => {
    const [redis] = podOf(only(render(newest, []), 'StatefulSet'))?.spec.containers ?? []
    const args = redis?.args?.join(' ') ?? ''
    expect(args).toContain('--appendonly yes')
    expect(args).toContain('--maxmemory-policy noeviction')
    const [, maxMemoryMb = ''] = /--maxmemory (\d+)mb/.exec(args) ?? []
    expect(bytesOf(redis?.resources?.limits?.memory ?? 0)).toBeGreaterThanOrEqual(
      2 * bytesOf(`${maxMemoryMb}Mi`),
    )
  })

  test.each([
    ['as it comes', [], 25],
    ['set', ['worker.settings.SHUTDOWN_TIMEOUT=60.5'], 60.5],
  ])('is given longer than its SHUTDOWN_TIMEOUT, %s', (_, values, seconds) => {
    const { terminationGracePeriodSeconds } = workerPod(values).spec
    expect(Number(terminationGracePeriodSeconds)).toBeGreaterThan(seconds + 10)
  })

  test('a pod that `helm test` runs is the doctor, with the worker’s settings', () => {
    const [doctor] = podOf(only(render(newest, secrets), 'Pod'))?.spec.containers ?? []
    expect(doctor?.args).toEqual(['doctor'])
    expect(doctor?.env).toEqual(
      expect.arrayContaining([...(workerPod(secrets).spec.containers[0]?.env ?? [])]),
    )
  })
})

type SecretVolumes = readonly {
  readonly projected?: {
    readonly sources: readonly { readonly secret: { readonly items: readonly { readonly path: string }[] } }[]
  }
}[]

const mountedSecrets = (volumes: unknown): string[] =>
  (volumes as SecretVolumes)
    .flatMap(({ projected }) => projected?.sources ?? [])
    .flatMap(({ secret }) => secret.items.map(({ path }) => `/secrets/${path}`))

describe.skipIf(programsMissing)(`${programsMissing ?? 'the chart'}: dashboards and rules`, () => {
  /** A copy of the chart that has one of each. */
  function chartWith(dashboard: string, rules: string): string {
    const chart = join(tempDir(), 'threadtap')
    cpSync(chartFolder, chart, { recursive: true })
    mkdirSync(join(chart, 'dashboards'), { recursive: true })
    mkdirSync(join(chart, 'rules'), { recursive: true })
    writeFileSync(join(chart, 'dashboards', 'made-up.json'), dashboard)
    writeFileSync(join(chart, 'rules', 'made-up.yaml'), rules)
    return chart
  }
  const values = ['monitoring.dashboards.enabled=true', 'monitoring.prometheusRule.enabled=true']
  const rules = 'groups:\n  - name: a\n    rules:\n      - alert: B\n        expr: up{job="{{ x }}"} == 0\n'

  test('our own are rendered, and fit for a cluster', async () => {
    const objects = render(newest, values)
    expect(await faultsOf(newest, objects)).toEqual([])
    const { data } = only(objects, 'ConfigMap', 'threadtap-dashboard-llm-calls')
    expect(data).toEqual({ 'llm-calls.json': read('dashboards/llm-calls.json') })
    expect(only(objects, 'PrometheusRule').spec).toEqual(parseYaml(read('rules/threadtap.yaml'))[0])
  })

  test('runbooks are where the values say', () => {
    const elsewhere = 'monitoring.prometheusRule.runbookUrl=https://wiki.example.com/threadtap'
    const text = JSON.stringify(only(render(newest, [...values, elsewhere]), 'PrometheusRule'))
    const links = [...text.matchAll(/"runbook_url":"([^"#]*)#/g)].map(([, link]) => link)
    expect(links.length).toBeGreaterThan(5)
    expect(new Set(links)).toEqual(new Set(['https://wiki.example.com/threadtap']))
  })

  test.each([oldest, newest])('Kustomize makes the same of them, for Kubernetes $cluster', async (kube) => {
    const objects = kustomize(kube, 'kubernetes/monitoring')
    expect(await faultsOf(kube, objects)).toEqual([])
    const chart = render(kube, values)
    expect(only(objects, 'PrometheusRule').spec).toEqual(only(chart, 'PrometheusRule').spec)
    for (const name of ['threadtap-dashboard-llm-calls', 'threadtap-dashboard-threadtap']) {
      const [ours, theirs] = [only(objects, 'ConfigMap', name), only(chart, 'ConfigMap', name)]
      expect(ours.data).toEqual(theirs.data)
      expect(ours.metadata.labels).toMatchObject({ grafana_dashboard: '1' })
    }
  })

  const read = (path: string): string => readFileSync(join(chartFolder, path), 'utf8')

  test('what lies in their folders is rendered as it is', async () => {
    const chart = chartWith('{"title": "made up", "legend": "{{model}}"}', rules)
    const objects = render(newest, values, chart)
    expect(await faultsOf(newest, objects)).toEqual([])
    const dashboard = only(objects, 'ConfigMap', 'threadtap-dashboard-made-up')
    expect(dashboard.metadata.labels).toMatchObject({ grafana_dashboard: '1' })
    expect(dashboard.data).toEqual({ 'made-up.json': '{"title": "made up", "legend": "{{model}}"}' })
    expect(only(objects, 'PrometheusRule', 'threadtap-made-up').spec).toEqual({
      groups: [{ name: 'a', rules: [{ alert: 'B', expr: 'up{job="{{ x }}"} == 0' }] }],
    })
  })
})

describe.skipIf(programsMissing)(`${programsMissing ?? 'the chart'}: wrong values`, () => {
  const refusals: readonly (readonly [value: string, sentence: string])[] = [
    ['injection.mode=webhook', "'/injection/mode': value must be one of 'none', 'policy', 'kyverno'"],
    ['injection.settings.UPSTREAM_BASE_ULR=http://a', "invalid propertyName 'UPSTREAM_BASE_ULR'"],
    ['worker.settings.LANGFUSE_SECRET_KEY=sk', "invalid propertyName 'LANGFUSE_SECRET_KEY'"],
    ['worker.replics=2', "'/worker': additional properties 'replics' not allowed"],
    ['worker.replicas=none', "'/worker/replicas': got string, want integer"],
    ['redis.url=redis://:secret@host', "'/redis/url'"],
    ['redis.url=redis+sentinel://host/main?sentinel_password=a', "'/redis/url'"],
    ['langfuse.existingSecret.name=', 'The worker has nowhere to deliver to'],
    ['redis.enabled=false', 'Sidecars and worker need a Redis between them'],
    ['redis.passwordSecret.name=a', 'set redis.urlSecret.name'],
    ['worker.autoscaling.kind=keda', 'set worker.autoscaling.keda.prometheusUrl'],
    ['worker.autoscaling.minReplicas=9', 'minReplicas is above'],
    ['worker.settings.LOG_LEVEL=loud', "'loud' does not match pattern '^$|(?i:^(trace|debug|info"],
    [
      'injection.settings.UPSTREAM_BASE_URL=api.openai.com',
      "'/injection/settings/UPSTREAM_BASE_URL': 'api.openai.com'",
    ],
    ['injection.settings.UPSTREAMS=groq', "'/injection/settings/UPSTREAMS': 'groq' does not match"],
    ['langfuse.existingSecret.name=My_Keys', "'My_Keys' does not match"],
    ['worker.tolerations[0].operater=Exists', "additional properties 'operater' not allowed"],
    ['monitoring.prometheusRule.runbookUrl=wiki', "'wiki' does not match"],
    ['injection.port=4011', 'injection.port and injection.adminPort are both 4011'],
    ['injection.resources.limits.memory=64Mi', 'injection.resources.requests.memory (256Mi) is above'],
    ['worker.resources.requests.cpu=2,worker.resources.limits.cpu=1500m', 'requests.cpu (2) is above'],
    [
      'redis.maxMemoryMiB=768',
      'redis.maxMemoryMiB (768) leaves nothing of redis.resources.limits.memory (768Mi)',
    ],
    ['injection.namespaceSelector.matchLabel.a=b', "additional properties 'matchLabel' not allowed"],
    ['networkPolicy.monitoringNamespaceSelector.a=b', "additional properties 'a' not allowed"],
    ['injection.settings.TLS_CERT=/data/cert.pem', "invalid propertyName 'TLS_CERT'"],
    ['injection.settings.THREAD_LOGS=on', "invalid propertyName 'THREAD_LOGS'"],
    ['worker.replicas=2,worker.data.existingClaim=a', 'one folder for one worker'],
  ]

  test.each(refusals)('%s is refused with a sentence', (value, sentence) => {
    const { ok, complaint } = template(newest, [value])
    expect(ok).toBe(false)
    expect(complaint).toContain(sentence)
  })

  test('a policy is refused where the cluster has none', () => {
    expect(template(oldest, policy).complaint).toContain('injection.mode policy needs Kubernetes 1.36')
  })
})

describe.skipIf(programsMissing)(`${programsMissing ?? 'the chart'}: notes`, () => {
  const notes = (...values: string[]) => {
    const sets = values.flatMap((value) => ['--set', value])
    const ran = newest.helm(
      'install',
      'threadtap',
      chartFolder,
      '--namespace',
      'tt',
      '--dry-run=client',
      ...sets,
    )
    return outputOf(ran).split('NOTES:')[1] ?? ''
  }

  test('say what to do next, for each mode', () => {
    const key = 'langfuse.existingSecret.name=langfuse'
    expect(notes(key)).toContain('Nothing injects the sidecar')
    expect(notes(key, 'injection.mode=kyverno')).toContain('"threadtap.dev/inject":"true"')
    expect(notes('worker.enabled=false')).toContain('This release has no worker')
  })

  test('name only what the release has', () => {
    const text = notes('langfuse.existingSecret.name=langfuse')
    const [, deployment = ''] = /logs deployment\/(\S+)/.exec(text) ?? []
    const names = render(newest, []).map((object: KubeObject) => titleOf(object))
    expect(names).toContain(`Deployment ${deployment}`)
  })
})
