import type { Context } from 'hono'

const defaultLimit = 100
const maxLimit = 1_000

/** How many are wanted, by `?limit=`: what cannot be read as a number is not worth a refusal. */
export function limitOf(c: Context): number {
  const limit = Number.parseInt(c.req.query('limit') ?? '', 10)
  return limit > 0 ? Math.min(limit, maxLimit) : defaultLimit
}
