import { request } from 'undici'
import type { AdminParts } from '../../admin/admin-parts.ts'
import { serveAdmin } from '../../admin/testing/serve-admin.ts'
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
  const url = await serveAdmin({
    pages: async (admin) =>
      createConsole({ ...admin, now: Date.now, dataUrl: 'http://127.0.0.1:4010', ...settings }),
    ...parts,
  })
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
