import { Hono } from 'hono'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { honoListener } from './hono-listener.ts'
import { httpPort } from './http-port.ts'

const app = new Hono().get('/', (c) => c.text('here'))
const options = { name: 'data port', host: '127.0.0.1', settings: ['HOST', 'PORT'] as const }

test('an app responds at the URL of the port', async () => {
  const port = httpPort(honoListener(app), { ...options, port: 0 })
  expect(port.listening()).toBe(false)
  await port.start?.()
  onTestFinished(() => port.stop?.(AbortSignal.abort()))
  expect(port.listening()).toBe(true)
  expect(await (await request(port.url())).body.text()).toBe('here')
})

test('an address in use is named when starting fails', async () => {
  const first = httpPort(honoListener(app), { ...options, port: 0 })
  await first.start?.()
  onTestFinished(() => first.stop?.(AbortSignal.abort()))
  const port = Number(new URL(first.url()).port)
  await expect(httpPort(honoListener(app), { ...options, port }).start?.()).rejects.toThrow(
    `the data port cannot listen on 127.0.0.1:${port}, which another process has (EADDRINUSE): stop that one, or set PORT`,
  )
})
