import { Registry } from 'prom-client'
import { onTestFinished } from 'vitest'
import { adminListener } from '../../shared/admin/admin-listener.ts'
import type { AdminParts } from '../../shared/admin/admin-parts.ts'
import { httpPort } from '../../shared/http/http-port.ts'
import { freePort } from '../../shared/testing/private-redis.ts'

/** Serves an admin port until the current test has finished. @returns the settings that point to it */
export async function runningAdmin(parts: Partial<AdminParts> = {}): Promise<Record<string, string>> {
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
  return { ADMIN_PORT: new URL(server.url()).port }
}

/** @returns settings that point to an admin port that nothing listens on */
export async function noAdmin(): Promise<Record<string, string>> {
  return { ADMIN_PORT: String(await freePort()) }
}
