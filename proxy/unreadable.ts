import type { ProxyParts } from './app.ts'
import { failureBody, failures } from './ingress/failures.ts'

const failure = {
  code: 'ambiguous_request',
  message: 'the Host header must name a host, and the request target must be a path',
} as const

/** Refuses what is no request to Hono, which never comes to `app.ts`. */
export function createUnreadable({ events }: Pick<ProxyParts, 'events'>): () => Response {
  return () => {
    events.refused(failure.code)
    return Response.json(failureBody(failure), {
      status: failures[failure.code].status,
      headers: { connection: 'close' },
    })
  }
}
