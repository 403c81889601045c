import { Registry } from 'prom-client'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import { createApp, type ProxyParts } from '../app.ts'
import { createDataPort } from '../data-port.ts'
import { createProxyEvents } from '../events.ts'
import { lend } from '../testing/lend.ts'

/** A proxy whose every call meets a defect. */
async function aBrokenProxy() {
  const registry = new Registry()
  const parts = {
    clock: systemClock,
    events: createProxyEvents(registry, createLogger('silent', 'proxy')),
    findTarget() {
      throw new Error('a defect')
    },
    context: { forRoutes: {} },
  } as unknown as ProxyParts
  const port = createDataPort(
    createApp(parts),
    { onUpgrade: () => undefined, onMalformed: () => '' },
    { host: '127.0.0.1', port: 0 },
  )
  await port.start?.()
  onTestFinished(() => port.stop?.(AbortSignal.abort()))
  return { url: port.url(), registry }
}

// The second one goes through the routes of ours that it is not.
test.each(['/v1/models', '/_threadtap/other'])(
  'a defect costs the call to %s alone, and is counted',
  async (path) => {
    const { url, registry } = await aBrokenProxy()
    for (const _ of [1, 2]) {
      const { statusCode, body } = await request(url + path)
      expect(statusCode).toBe(500)
      expect(await body.json()).toMatchObject({ error: { code: 'internal_error', type: 'server_error' } })
    }
    expect(await registry.metrics()).toContain('threadtap_refused_requests_total{reason="internal_error"} 2')
  },
)

test('paths reach the upstream as they were written', async () => {
  const { upstream, proxy } = await lend()
  const paths = ['/v1/models?a=1', '/v1/models;x', "/v1/models('x')", '/t/a%20b/v1/models']
  for (const path of paths) expect((await request(proxy.origin + path)).statusCode).toBe(200)
  expect(upstream.requests.map(({ url }) => url)).toEqual([...paths.slice(0, 3), '/v1/models'])
})
