import { Hono } from 'hono'

/** Answers 404 to everything, with the reason. */
export function absent(reason: string): Hono {
  return new Hono().all('*', (c) => c.json({ error: reason }, 404))
}
