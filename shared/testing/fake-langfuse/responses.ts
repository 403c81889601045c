import type { Json } from '../../json.ts'

/** JSON, unless the body is a string. */
export type FakeResponse = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Json
}

export const jsonResponse = (status: number, body: Json): FakeResponse => ({ status, body })

// The texts below are recorded, word for word.

export const invalidCredentials = "Invalid credentials. Confirm that you've configured the correct host."

export const tooLarge: FakeResponse = {
  status: 413,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'Body exceeded 4.5mb limit',
}

/** nginx' answer to a body over its client_max_body_size, which is 1 MB by default. Not recorded: of its source. */
export const tooLargeForProxy: FakeResponse = {
  status: 413,
  headers: { 'content-type': 'text/html' },
  body: '<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n<center><h1>413 Request Entity Too Large</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
}

/** Next.js' page for a route that does not exist, which version 2 has for OTLP; truncated in the recording. */
export const pageNotFound: FakeResponse = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><meta name="viewport" content="width=device-width"/><title>404: This page could not be found</title><meta name="next-head-count" content="3"/><noscript data-n-css=""></noscript><script defer="" nomodule="" src="/_next/static/chunks/polyfills-42372ed130431b0a.js"></script><script src="/_next/static/chunks/webpack-8d29d77fd806fbf3.js" defer',
}

export const goneInVersion4 = jsonResponse(404, {
  message:
    'This endpoint is not available on deployments running in Langfuse v4 events_only mode. Learn more about Langfuse v4 at: https://langfuse.com/docs/v4',
})

export function notAcceptedInVersion4(type: string): string {
  return `Event type "${type}" is not accepted by /api/public/ingestion when LANGFUSE_MIGRATION_V4_WRITE_MODE is events_only. This endpoint only accepts score and log events. Upgrade the client or integration to a v4-compatible SDK or OTLP ingestion path. As a temporary migration bridge, set LANGFUSE_MIGRATION_V4_WRITE_MODE=dual on both the web and worker services and redeploy. Docs: https://langfuse.com/self-hosting/upgrade/upgrade-guides/upgrade-v3-to-v4`
}
