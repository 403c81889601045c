import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Hono } from 'hono'

/** Style sheet, script and icon, read once from beside this module. */
export type Assets = {
  /** `/assets/<hash>/`: another one as soon as one of them changes, so that browsers may keep them for good. */
  readonly path: string
  readonly routes: Hono
}

const script = 'text/javascript; charset=utf-8'

/** The script's modules find one another by their names. */
const files = {
  'console.css': 'text/css; charset=utf-8',
  'console.js': script,
  'copy.js': script,
  'keyboard.js': script,
  'times.js': script,
  'relative-time.js': script,
  'live.js': script,
  'live-row.js': script,
  'live-texts.js': script,
  'icon.svg': 'image/svg+xml',
} as const

export function readAssets(): Assets {
  const folder = new URL('./assets/', import.meta.url)
  const contents = Object.entries(files).map(
    ([name, type]) => [name, type, readFileSync(new URL(name, folder))] as const,
  )
  const hash = createHash('sha256')
  for (const [name, , content] of contents) hash.update(`${name}\n`).update(content)
  const version = hash.digest('hex').slice(0, 16)
  const path = `/assets/${version}/`
  const routes = new Hono()
  for (const [name, type, content] of contents) {
    routes.get(`${path}${name}`, (c) => {
      const etag = `"${version}-${name}"`
      const headers = { etag, 'cache-control': 'public, max-age=31536000, immutable' }
      if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
      return c.body(new Uint8Array(content), 200, { ...headers, 'content-type': type })
    })
  }
  return { path, routes }
}
