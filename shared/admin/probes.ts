import type { AdminParts } from './admin-parts.ts'
import { refusalOf } from './guard.ts'
import { passes, readiness } from './readiness.ts'

export type ProbeResponse = { readonly status: number; readonly type: string; readonly body: string }

/** @param header of the request, by its name in lower case */
export type Probe = (header: (name: string) => string | undefined) => Promise<ProbeResponse>

const checkTimeoutMs = 1_000
/** Longer than the relay is ever busy with one thing. */
const aliveTimeoutMs = 10_000

/** What Kubernetes and Prometheus ask for every few seconds, by path. */
export function createProbes(parts: AdminParts): ReadonlyMap<string, Probe> {
  const { registry, checks, alive = () => true, degraded = () => [] } = parts
  return new Map<string, Probe>([
    // Asks only whether event loops turn: a restart would not help with anything else.
    [
      '/livez',
      async () =>
        (await passes(alive, aliveTimeoutMs)) ? text(200, 'ok\n') : text(503, 'the relay does not respond\n'),
    ],

    // Not ready takes a pod out of service and, as a sidecar, the application with it. So an outage that the
    // spool bridges (Redis, sink) or that the client should see for itself (upstream) is not checked; what is degraded is
    // told all the same; why it is only to those who may read more, because reasons name paths and addresses.
    [
      '/readyz',
      async (header) => {
        const result = await readiness(checks, checkTimeoutMs)
        const mayRead = refusalOf(parts, { method: 'GET', header }) === undefined
        const shown = (await degraded()).map(({ reason, ...what }) => (mayRead ? { ...what, reason } : what))
        return json(result.ready ? 200 : 503, { ...result, degraded: shown })
      },
    ],

    ['/metrics', async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() })],
  ])
}

const text = (status: number, body: string): ProbeResponse => ({
  status,
  type: 'text/plain; charset=UTF-8',
  body,
})

export const json = (status: number, value: object): ProbeResponse => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
})
