import { Registry } from 'prom-client'
import { request } from 'undici'
import { onTestFinished } from 'vitest'
import { adminListener } from '../../admin/admin-listener.ts'
import type { AdminParts } from '../../admin/admin-parts.ts'
import { httpPort } from '../../http/http-port.ts'
import { type ConsoleParts, createConsole } from '../console.ts'

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export type Ask = (
  path: string,
  options?: {
    readonly headers?: Readonly<Record<string, string>>
    /** Sent as a form, with POST. */
    readonly form?: Readonly<Record<string, string>>
  },
) => Promise<Answer>

/** Serves an admin port with its pages until the current test has finished. */
export async function runningConsole(
  parts: Partial<AdminParts> = {},
  settings: Partial<Pick<ConsoleParts, 'now' | 'langfuseUrl' | 'examine'>> = {},
): Promise<{ readonly ask: Ask; readonly url: string; readonly origin: { readonly origin: string } }> {
  const events = { requestStarted: () => undefined, requestFailed: () => undefined }
  const listener = adminListener({
    registry: new Registry(),
    checks: {},
    events,
    onLoopback: true,
    pages: async (admin) =>
      createConsole({ ...admin, now: Date.now, dataUrl: 'http://127.0.0.1:4010', ...settings }),
    ...parts,
  })
  const server = httpPort(listener, {
    name: 'admin port',
    host: '127.0.0.1',
    port: 0,
    settings: ['ADMIN_HOST', 'ADMIN_PORT'],
  })
  await server.start?.()
  onTestFinished(() => server.stop?.(AbortSignal.abort()))
  const url = server.url()
  return {
    url,
    origin: { origin: url },
    ask: async (path, { headers = {}, form } = {}) => {
      const response = await request(`${url}${path}`, {
        method: form === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'text/html',
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(form && { body: new URLSearchParams(form).toString() }),
      })
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() }
    },
  }
}
