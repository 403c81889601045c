import { Hono } from 'hono'

/** Responds to every request with 404 and the reason. */
export function notFound(reason: string): Hono {
  return new Hono().all('*', (c) => c.json({ error: reason }, 404))
}
