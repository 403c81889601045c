import type { Context } from 'hono'

const defaultLimit = 100
const maxLimit = 1_000

/** The `?limit=` of a request; the default where it is not a positive number. */
export function limitOf(c: Context): number {
  const limit = Number.parseInt(c.req.query('limit') ?? '', 10)
  return limit > 0 ? Math.min(limit, maxLimit) : defaultLimit
}
