import type { Dispatcher } from 'undici'
import { expect, test } from 'vitest'
import { fakeController } from '../testing/fake-controller.ts'
import { lendResponse } from '../testing/lend-response.ts'
import { relay } from './relay.ts'
import type { RelayedCall } from './relayed-call.ts'

const upstream = { name: 'default', origin: 'http://a', basePath: '', provider: 'openai' }

/** Relays a call to a dispatcher that only records what it is given. */
async function dispatched(more: Partial<RelayedCall> = {}) {
  const { incoming, outgoing, client, received } = await lendResponse()
  const requests: { options: Dispatcher.DispatchOptions; handler: Dispatcher.DispatchHandler }[] = []
  const dispatcher = {
    dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) =>
      requests.push({ options, handler }) > 0,
  } as unknown as Dispatcher
  const ended = new Promise<string>((resolve) => {
    relay(
      {
        incoming,
        outgoing,
        upstream,
        path: '/v1/models',
        request: { headers: ['x-a', '1'], body: null },
        extraHeaders: () => [],
        tap: { responseHead: () => undefined, responseData: () => undefined },
        onEnd: ({ kind }) => resolve(kind),
        ...more,
      },
      dispatcher,
    )
  })
  return { requests, client, received, ended }
}

test('dispatches the request to the origin and path of its upstream', async () => {
  const { requests } = await dispatched()
  expect(requests.map(({ options }) => options)).toEqual([
    { origin: 'http://a', path: '/v1/models', method: 'GET', headers: ['x-a', '1'], body: null },
  ])
})

test('an empty path is the root, and a handshake asks for a WebSocket', async () => {
  const { requests } = await dispatched({ path: '', onUpgrade: () => undefined })
  expect(requests[0]?.options).toMatchObject({ path: '/', upgrade: 'websocket' })
})

test('resends the original request once the injected usage is refused', async () => {
  const original = { headers: ['x-b', '2'], body: Buffer.from('{}') }
  const refused: number[] = []
  const { requests, received } = await dispatched({
    originalRequest: () => original,
    onUsageRefused: (status) => void refused.push(status),
  })
  const controller = fakeController()
  const refusing = requests[0]?.handler
  refusing?.onRequestStart?.(controller, {})
  refusing?.onResponseStart?.(controller, 400, {}, '')
  refusing?.onResponseData?.(controller, Buffer.from('stream_options'))
  refusing?.onResponseEnd?.(controller, {})
  expect(requests[1]?.options).toMatchObject(original)
  requests[1]?.handler.onResponseStart?.(controller, 200, {}, 'OK')
  requests[1]?.handler.onResponseEnd?.(controller, {})
  expect(await received()).toMatch(/^HTTP\/1\.1 200 OK/)
  expect(refused).toEqual([200])
})

test('ends when the client closes', async () => {
  const { client, ended } = await dispatched()
  client.destroy()
  expect(await ended).toBe('client_closed')
})
