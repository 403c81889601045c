import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json } from '../json.ts'

/** One recorded exchange with a provider. */
export type CorpusCase = {
  /** `<dialect>/<name>` */
  readonly name: string
  readonly folder: string
  readonly meta: CorpusMeta
}

/** The part of `meta.json` that tests use. */
export type CorpusMeta = {
  readonly dialect: string
  readonly endpoint: string
  readonly url_path: string
  readonly stream: boolean
  readonly status: number
  readonly response_file: string
  readonly kind: 'recorded' | 'peer-fixture' | 'variant' | 'synthetic'
  readonly quirks?: readonly string[]
}

/** One choice of a response. */
export type CorpusChoice = {
  readonly index?: number
  readonly content?: string | null
  readonly reasoning?: string | null
  readonly tool_calls?: readonly { id: string | null; name: string; arguments: string }[]
  readonly function_call?: { readonly name: string; readonly arguments: string } | null
  readonly finish_reason?: string | null
}

/** What is expected to be recorded of a case, choice 0 at the top level; the fields depend on the endpoint. */
export type CorpusExpectation = CorpusChoice & {
  readonly refusal?: string | null
  readonly model?: string | null
  readonly id?: string | null
  readonly choices?: readonly CorpusChoice[]
  readonly embeddings?: number | null
  readonly usage?: Readonly<
    Record<'input' | 'output' | 'total' | 'cached' | 'reasoning', number | null>
  > | null
  readonly error?: unknown
  /** Field to accepted values; `["*"]` accepts any. */
  readonly ambiguous?: Readonly<Record<string, readonly unknown[]>>
}

const folder = process.env.CORPUS_DIR ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url))

/** For the name of a skipped test, so that it is not taken for a passed one. */
export const corpusMissing = existsSync(folder)
  ? undefined
  : `SKIPPED: no corpus at ${folder}; set CORPUS_DIR to the folder of recorded streams`

/** @returns all cases, sorted by name; none when the corpus is missing */
export function corpusCases(): readonly CorpusCase[] {
  if (corpusMissing !== undefined) return []
  return subfolders(folder).flatMap((dialect) =>
    subfolders(join(folder, dialect)).flatMap((name) => readCase(`${dialect}/${name}`)),
  )
}

function readCase(name: string): CorpusCase[] {
  const path = join(folder, name)
  if (!existsSync(join(path, 'meta.json'))) return []
  return [{ name, folder: path, meta: readJson(path, 'meta.json') as CorpusMeta }]
}

const subfolders = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()

/** @returns the recorded body, byte for byte, without its content-encoding */
export const responseOf = ({ folder: path, meta }: CorpusCase): Buffer =>
  readFileSync(join(path, meta.response_file))

export const expectedOf = ({ folder: path }: CorpusCase): CorpusExpectation | undefined =>
  existsSync(join(path, 'expected.json')) ? (readJson(path, 'expected.json') as CorpusExpectation) : undefined

export const requestOf = ({ folder: path }: CorpusCase): Json | undefined =>
  existsSync(join(path, 'request.json')) ? readJson(path, 'request.json') : undefined

/** @returns the recorded headers by lower-case name; the last one of repeated ones */
export function headersOf({ folder: path, meta }: CorpusCase): Readonly<Record<string, string>> {
  if (!existsSync(join(path, 'response.headers.json')))
    return { 'content-type': typeByFile(meta.response_file) }
  const { headers } = readJson(path, 'response.headers.json') as unknown as { headers: [string, string][] }
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
}

const typeByFile = (file: string): string =>
  file.endsWith('.sse') ? 'text/event-stream' : file.endsWith('.json') ? 'application/json' : 'text/plain'

const readJson = (path: string, file: string): Json =>
  JSON.parse(readFileSync(join(path, file), 'utf8')) as Json
