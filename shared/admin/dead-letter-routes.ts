import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { isJsonObject, parseJson } from '../json.ts'
import type { DeadLetters } from './dead-letters.ts'
import { limitOf } from './limit.ts'

const maxBodyBytes = 1_048_576

/** `/` (summaries), `/<id>` (the letter) and `POST /replay` with `{"ids": [...]}` or, for all, an empty body. */
export function deadLetterRoutes(dead: DeadLetters): Hono {
  const routes = new Hono()

  routes.get('/', async (c) => c.json(await dead.list({ limit: limitOf(c) })))

  routes.get('/:id', async (c) => {
    const letter = await dead.read(c.req.param('id'))
    return letter ? c.json(letter) : c.json({ error: 'no such dead letter is kept here' }, 404)
  })

  routes.post('/replay', smallBody, async (c) => {
    const wanted = wantedIds(await c.req.text())
    if (wanted === 'unreadable') {
      return c.json({ error: 'the body must be {"ids": ["...", ...]} or empty' }, 400)
    }
    return c.json(await dead.replay(wanted.ids))
  })

  return routes
}

const smallBody = bodyLimit({
  maxSize: maxBodyBytes,
  onError: (c) => c.json({ error: `the body is over ${maxBodyBytes} bytes` }, 413),
})

function wantedIds(body: string): { readonly ids?: readonly string[] } | 'unreadable' {
  if (body.trim() === '') return {}
  const asked = parseJson(body)
  if (!isJsonObject(asked)) return 'unreadable'
  const { ids } = asked
  if (ids === undefined) return {}
  return isListOfText(ids) ? { ids } : 'unreadable'
}

const isListOfText = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string')
