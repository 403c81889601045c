import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { loadOnce } from '../load-once.ts'
import type { AdminParts } from './admin-parts.ts'
import { createProbes, json, type ProbeResponse } from './probes.ts'
import { failed } from './sentences.ts'

/**
 * Answers probes and scrapes by itself, and everything else by an app that is loaded when somebody asks for it: its adapter
 * wakes Node's own fetch, which takes memory in every sidecar that nobody looks at (`npm run loadtest:start`).
 */
export function adminListener(parts: AdminParts): RequestListener {
  const probes = createProbes(parts)
  const app = loadOnce(() => loadApp(parts))

  async function answer(path: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, headers } = incoming
    const probe = method === 'GET' || method === 'HEAD' ? probes.get(path) : undefined
    if (probe === undefined) return (await app())(incoming, outgoing)
    respond(outgoing, await probe((name) => headers[name]?.toString()))
  }

  return async (incoming, outgoing) => {
    const [path = '/'] = (incoming.url ?? '/').split('?', 1)
    parts.events.requestStarted(path)
    try {
      await answer(path, incoming, outgoing)
    } catch (cause) {
      // Messages of defects are for the log: they may hold paths, addresses or content.
      parts.events.requestFailed(path, cause)
      respond(outgoing, json(500, { error: failed }))
    }
  }
}

async function loadApp(parts: AdminParts): Promise<RequestListener> {
  const [{ createAdminApp }, { honoListener }] = await Promise.all([
    import('./app.ts'),
    import('../http/hono-listener.ts'),
  ])
  return honoListener(createAdminApp(parts))
}

function respond(outgoing: ServerResponse, { status, type, body }: ProbeResponse): void {
  outgoing.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body)
}
