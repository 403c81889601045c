import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import { isJsonObject } from '../../json.ts'
import { type FakeLangfuse, startFakeLangfuse } from './fake-langfuse.ts'

type Recording = {
  readonly server: string
  readonly name: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: Json
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: Json
  }
}

const folder = process.env.RESEARCH_DIR ?? '../shared/research'
const file = join(folder, 'langfuse-recordings.json')
const missing = !existsSync(file)
const recordings: readonly Recording[] = missing ? [] : JSON.parse(readFileSync(file, 'utf8'))

test.runIf(missing)(`SKIPPED: no recordings at ${file} (set RESEARCH_DIR)`, () => {
  expect(missing).toBe(true)
})

describe.skipIf(missing).each([
  ['4.16.0', 'v4'],
  ['2.95.12', 'v2'],
] as const)('as Langfuse %s answered', (version, mode) => {
  let langfuse: FakeLangfuse
  beforeAll(async () => {
    langfuse = await startFakeLangfuse(mode)
  })
  afterAll(() => langfuse.close())

  const recorded = recordings.filter(({ server }) => server.startsWith(version))
  test.each(recorded.map((recording) => [recording.name, recording] as const))('%s', async (_, recording) => {
    const { request, response } = recording
    const answered = await fetch(`${langfuse.baseUrl}${request.path}`, {
      method: request.method,
      headers: withKeys(request.headers, langfuse, recording.name.includes('wrong secret')),
      ...(request.body === undefined || request.method === 'GET' ? {} : { body: textOf(request.body) }),
    })
    expect(answered.status).toBe(response.status)
    expect(answered.headers.get('content-type')).toBe(response.headers['content-type'])
    const text = await answered.text()
    expect(masked(typeof response.body === 'string' ? text : JSON.parse(text))).toEqual(masked(response.body))
  })
})

function withKeys(
  headers: Readonly<Record<string, string>>,
  { keys }: FakeLangfuse,
  wrong: boolean,
): Record<string, string> {
  if (headers.authorization === undefined) return headers
  const secret = wrong ? 'sk-lf-wrong' : keys.secretKey
  const basic = Buffer.from(`${keys.publicKey}:${secret}`).toString('base64')
  return { ...headers, authorization: `Basic ${basic}` }
}

const textOf = (body: Json): string => (typeof body === 'string' ? body : JSON.stringify(body))

/** Made anew by the server for each answer. */
const made = new Set(['createdAt', 'updatedAt', 'fileKey', 'traceparent', 'baggage'])

/** Masks what cannot be equal: the server's own clock, and the ids within its job. */
function masked(value: Json, inJob = false): Json {
  if (Array.isArray(value)) return value.map((item: Json) => masked(item, inJob))
  if (!isJsonObject(value)) return value
  const job = inJob || value.name === 'otel-ingestion-job'
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const isMade = made.has(key) || (job && (key === 'id' || key === 'timestamp'))
      return [key, isMade ? typeof item : masked(item ?? null, job)]
    }),
  )
}
