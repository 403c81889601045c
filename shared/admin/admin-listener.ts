import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AdminParts } from './admin-parts.ts'
import { createProbes, json, type Probe, type ProbeResponse } from './probes.ts'
import { failed } from './sentences.ts'

/**
 * Answers probes and scrapes by itself, and everything else by an app that is loaded when somebody asks for it: its adapter
 * wakes Node's own fetch, which takes memory in every sidecar that nobody looks at (`npm run loadtest:start`).
 */
export function adminListener(parts: AdminParts): RequestListener {
  const { events } = parts
  const probes = createProbes(parts)
  let loading: Promise<RequestListener> | undefined

  async function probed(probe: Probe, path: string, { headers }: IncomingMessage): Promise<ProbeResponse> {
    try {
      return await probe((name) => headers[name]?.toString())
    } catch (cause) {
      // Messages of defects are for the log: they may hold paths, addresses or content.
      events.requestFailed(path, cause)
      return json(500, { error: failed })
    }
  }

  return async (incoming, outgoing) => {
    const [path = '/'] = (incoming.url ?? '/').split('?', 1)
    events.requestStarted(path)
    const isRead = incoming.method === 'GET' || incoming.method === 'HEAD'
    const probe = isRead ? probes.get(path) : undefined
    if (probe !== undefined) return respond(outgoing, await probed(probe, path, incoming))
    loading ??= loadApp(parts)
    const listener = await loading
    listener(incoming, outgoing)
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
