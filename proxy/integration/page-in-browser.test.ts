import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { chromiumMissing, closeBrowser, openPage } from '../../shared/testing/browser.ts'
import { answerStream, chatEvents, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { startProxy } from '../testing/running-proxy.ts'

afterAll(closeBrowser)

/** An application in a browser, at an origin of its own, and a proxy. */
async function openApplication(settings: (origin: string) => Readonly<Record<string, string>>) {
  const pages = createServer((_, outgoing) => {
    outgoing.setHeader('content-type', 'text/html').end('<title>app</title>')
  })
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    pages.closeAllConnections()
    pages.close()
  })
  const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
  const upstream = await startFakeUpstream(answerStream(chatEvents(['High ', 'at noon.'])))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const env = { UPSTREAM_BASE_URL: `${upstream.origin}/v1`, UPSTREAM_API_KEY: 'sk-ours' }
  const proxy = await startProxy({ ...env, ...settings(origin) })
  onTestFinished(() => proxy.stop())
  const { page } = await openPage(origin)
  await page.goto(origin)
  /** @returns what the page sees: a status, or that its browser keeps the response from it */
  const fetchInPage = (path: string, init: RequestInit) =>
    page.evaluate(
      async ([url, options]) => {
        try {
          const response = await fetch(url, options)
          const { status, headers } = response
          return { status, callId: headers.get('x-call-id') !== null, text: await response.text() }
        } catch (cause) {
          return { error: String(cause) }
        }
      },
      [`${proxy.origin}${path}`, init] as const,
    )
  return { fetchInPage, upstream }
}

const headers = { 'content-type': 'application/json', authorization: 'Bearer tok', 'x-thread-id': 'tides' }
const call = { method: 'POST', headers, body: '{"model":"m","stream":true,"messages":[]}' }

test.skipIf(chromiumMissing)(
  `an application in a browser calls, with DATA_TOKEN, and registers contexts where ALLOWED_ORIGINS has it ${chromiumMissing ?? ''}`,
  async () => {
    const { fetchInPage } = await openApplication((origin) => ({
      ALLOWED_ORIGINS: origin,
      DATA_TOKEN: 'tok',
    }))
    expect(await fetchInPage('/v1/chat/completions', call)).toMatchObject({
      status: 200,
      callId: true,
      text: expect.stringContaining('at noon.'),
    })
    const context = '/_threadtap/contexts/tides'
    expect(await fetchInPage(context, { method: 'PUT', headers, body: '{"user_id":"ada"}' })).toMatchObject({
      status: 200,
    })
    expect(await fetchInPage(context, { headers })).toMatchObject({
      text: expect.stringContaining('"user_id":"ada"'),
    })
    // What went wrong is shown, and not "network error".
    expect(await fetchInPage('/nowhere', call)).toMatchObject({ status: 404 })
  },
)

test.skipIf(chromiumMissing)(
  `another page spends nothing and reads nothing ${chromiumMissing ?? ''}`,
  async () => {
    const { fetchInPage, upstream } = await openApplication(() => ({}))
    const simple = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: call.body }
    for (const init of [call, simple])
      expect(await fetchInPage('/v1/chat/completions', init)).toHaveProperty('error')
    expect(await fetchInPage('/_threadtap/contexts/tides', {})).toHaveProperty('error')
    expect(upstream.requests).toEqual([])
  },
)
