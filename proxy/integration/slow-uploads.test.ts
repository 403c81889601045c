import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import { rejectSlowUpload } from '../app.ts'
import { createDataPort } from '../data-port.ts'
import { ClientClosedRequestError, readBody } from '../ingress/body.ts'
import { wantedKeys } from '../ingress/wanted-keys.ts'
import { createRelayEvents } from '../relay-events.ts'
import { connectTo } from '../testing/lend.ts'

const ignored = { requestData: () => undefined, requestEnd: () => undefined, requestNotHeld: () => undefined }

test('an upload that comes too slowly gets 408 in OpenAI shape, and nothing waits for the rest of it', async () => {
  const events = createRelayEvents(createLogger('silent', 'proxy'))
  const budget = { free: 1_000_000 }
  const endings: Promise<unknown>[] = []
  const port = createDataPort(
    (incoming) => void endings.push(readBody(incoming, wantedKeys, budget, ignored).catch((cause) => cause)),
    {
      onUpgrade: () => undefined,
      onMalformed: () => '',
      slowUploads: {
        minBytesPerSecond: 1_000_000,
        windowMs: 50,
        onSlowUpload: (outgoing) => rejectSlowUpload(outgoing, events),
      },
    },
    { host: '127.0.0.1', port: 0, shutdownTimeoutMs: 1_000 },
  )
  await port.start?.()
  onTestFinished(() => port.stop?.(AbortSignal.abort()))
  const socket = connectTo(port.url())
  onTestFinished(() => void socket.destroy())
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{')
  let received = ''
  for await (const chunk of socket.setEncoding('latin1')) received += chunk
  expect(received).toMatch(/^HTTP\/1\.1 408 .*"code":"request_timeout"/s)
  expect(await endings[0]).toBeInstanceOf(ClientClosedRequestError)
  expect(budget.free).toBe(1_000_000)
  expect(events.counts().refused).toEqual({ request_timeout: 1 })
})
