import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { isJsonObject, parseJson } from '../json.ts'
import type { DeadLetters } from './dead-letters.ts'
import { limitOf } from './limit.ts'

const maxBodyBytes = 1_048_576

/**
 * `GET /` (summaries), `GET /<id>` (one letter), `POST /replay` with `{"ids": [...]}` or, for all, no body, and
 * `POST /purge` with `{"ids": [...]}`.
 */
export function deadLetterRoutes(dead: DeadLetters): Hono {
  const routes = new Hono()

  routes.get('/', async (c) => c.json(await dead.list({ limit: limitOf(c) })))

  routes.get('/:id', async (c) => {
    const letter = await dead.read(c.req.param('id'))
    return letter ? c.json(letter) : c.json({ error: 'no such dead letter is kept here' }, 404)
  })

  routes.post('/replay', smallBody, async (c) => {
    const selection = parseSelection(await c.req.text())
    if (selection === 'malformed') {
      return c.json({ error: 'the body must be {"ids": ["...", ...]} or empty' }, 400)
    }
    return c.json(await dead.replay(selection.ids))
  })

  routes.post('/purge', smallBody, async (c) => {
    const selection = parseSelection(await c.req.text())
    if (selection === 'malformed' || selection.ids === undefined) {
      return c.json({ error: 'the body must be {"ids": ["...", ...]}' }, 400)
    }
    return c.json({ purged: await dead.purge(selection.ids) })
  })

  return routes
}

const smallBody = bodyLimit({
  maxSize: maxBodyBytes,
  onError: (c) => c.json({ error: `the body is over ${maxBodyBytes} bytes` }, 413),
})

/** @returns the ids to replay; none for all */
function parseSelection(body: string): { readonly ids?: readonly string[] } | 'malformed' {
  if (body.trim() === '') return {}
  const value = parseJson(body)
  if (!isJsonObject(value)) return 'malformed'
  const { ids } = value
  if (ids === undefined) return {}
  return isStringArray(ids) ? { ids } : 'malformed'
}

const isStringArray = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string')
