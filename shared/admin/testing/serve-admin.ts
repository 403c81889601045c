import { Registry } from 'prom-client'
import { onTestFinished } from 'vitest'
import { httpPort } from '../../http/http-port.ts'
import { adminListener } from '../admin-listener.ts'
import type { AdminParts } from '../admin-parts.ts'

/** Serves an admin port until the current test has finished. @returns its address: `http://127.0.0.1:4011` */
export async function serveAdmin(parts: Partial<AdminParts> = {}): Promise<string> {
  const events = { requestStarted: () => undefined, requestFailed: () => undefined }
  const listener = adminListener({ registry: new Registry(), checks: {}, events, onLoopback: true, ...parts })
  const server = httpPort(listener, {
    name: 'admin port',
    host: '127.0.0.1',
    port: 0,
    settings: ['ADMIN_HOST', 'ADMIN_PORT'],
  })
  await server.start?.()
  onTestFinished(() => server.stop?.(AbortSignal.abort()))
  return server.url()
}
