import { connect } from 'node:net'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import { until } from '../../shared/testing/until.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import { createApp } from '../app.ts'
import { createDataPort } from '../data-port.ts'
import type { Target } from '../ingress/target.ts'
import { createRelayEvents } from '../relay-events.ts'
import type { RelayParts } from '../relay-parts.ts'
import { lend } from '../testing/lend.ts'

function defect(): never {
  throw new Error('a defect')
}

/** A relay with a defect in one of its parts. */
async function lendBrokenRelay(broken: Partial<RelayParts>) {
  const events = createRelayEvents(createLogger('silent', 'proxy'))
  const parts = {
    clock: systemClock,
    events,
    contextRoutes: {},
    access: { refuse: () => undefined, refuseKey: () => undefined, refuseContexts: () => undefined },
    loopWatch: { note: () => undefined, wasBlocked: () => false },
    ...broken,
  } as unknown as RelayParts
  const port = createDataPort(
    createApp(parts),
    { onUpgrade: () => undefined, onMalformed: () => '' },
    { host: '127.0.0.1', port: 0, shutdownTimeoutMs: 0 },
  )
  await port.start?.()
  onTestFinished(() => port.stop?.(AbortSignal.abort()))
  return { url: port.url(), refused: () => events.counts().refused }
}

// The second path is passed to Hono, which has no route for it.
test.each(['/v1/models', '/_threadtap/other'])(
  'a defect fails the call to %s alone, and is counted',
  async (path) => {
    const { url, refused } = await lendBrokenRelay({ findTarget: defect })
    for (const _ of [1, 2]) {
      const { statusCode, body } = await request(url + path)
      expect(statusCode).toBe(500)
      expect(await body.json()).toMatchObject({ error: { code: 'internal_error', type: 'server_error' } })
    }
    expect(refused()).toEqual({ internal_error: 2 })
  },
)

test('a defect while the request body is read is answered with 500, is no client that left, and leaves no call open', async () => {
  const taped: string[] = []
  const tapped = { requestData: defect, discard: () => void taped.push('discarded') }
  const target = { operation: 'chat', upstream: { name: 'default' }, route: '/v1/chat/completions' } as Target
  const { url, refused } = await lendBrokenRelay({
    findTarget: () => target,
    budget: { free: 1e9 },
    tap: { begin: () => tapped } as unknown as RelayParts['tap'],
  })
  const { statusCode, body } = await request(`${url}/v1/chat/completions`, { method: 'POST', body: '{}' })
  expect(statusCode).toBe(500)
  expect(await body.json()).toMatchObject({ error: { code: 'internal_error' } })
  expect(refused()).toEqual({ internal_error: 1 })
  expect(taped).toEqual(['discarded'])
})

test('a client that closes within its request body is counted, and is not a defect', async () => {
  const { upstream, proxy } = await lend()
  const client = connect(Number(new URL(proxy.origin).port), '127.0.0.1')
  client.write('POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf', () =>
    client.destroy(),
  )
  const counted = 'threadtap_refused_requests_total{reason="client_left"} 1'
  await until(async () => (await proxy.registry.metrics()).includes(counted))
  expect(await proxy.registry.metrics()).toContain('reason="internal_error"} 0')
  expect(upstream.requests).toEqual([])
})

test('paths reach the upstream as they were written', async () => {
  const { upstream, proxy } = await lend()
  const paths = ['/v1/models?a=1', '/v1/models;x', "/v1/models('x')", '/t/a%20b/v1/models']
  for (const path of paths) expect((await request(proxy.origin + path)).statusCode).toBe(200)
  expect(upstream.requests.map(({ url }) => url)).toEqual([...paths.slice(0, 3), '/v1/models'])
})
