import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A realistic call that fuzzing starts from. */
export type Exchange = {
  readonly name: string
  /** Below `/v1`: `/chat/completions`. */
  readonly path: string
  readonly request: Buffer
  readonly status: number
  readonly mediaType: string
  readonly body: Buffer
}

type Meta = { readonly endpoint: string; readonly status: number; readonly response_file: string }
type Head = { readonly headers: readonly (readonly [string, string])[] }

const paths: Readonly<Record<string, string>> = {
  chat: '/chat/completions',
  images: '/images/generations',
}

/**
 * Reads recorded exchanges: `<dialect>/<name>/{meta.json,request.json,response.headers.json,response.*}`.
 * @returns an empty array when the folder is missing
 */
export function recordedExchanges(folder: string): readonly Exchange[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('meta.json'))
    .sort()
    .map((file) => readExchange(folder, file.slice(0, -'/meta.json'.length)))
}

function readExchange(folder: string, name: string): Exchange {
  const file = (which: string) => join(folder, name, which)
  const meta: Meta = JSON.parse(readFileSync(file('meta.json'), 'utf8'))
  const head: Head = JSON.parse(readFileSync(file('response.headers.json'), 'utf8'))
  const mediaType = head.headers.find(([field]) => field.toLowerCase() === 'content-type')?.[1]
  return {
    name,
    path: paths[meta.endpoint] ?? `/${meta.endpoint.replace('.', '/')}`,
    request: existsSync(file('request.json')) ? readFileSync(file('request.json')) : Buffer.from('{}'),
    status: meta.status,
    mediaType: mediaType ?? 'application/octet-stream',
    body: readFileSync(file(meta.response_file)),
  }
}
