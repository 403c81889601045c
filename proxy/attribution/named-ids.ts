import type { JsonObject } from '../../shared/json.ts'
import { headerMap } from './header-map.ts'
import { headerFamilies } from './names/headers.ts'
import { unattributingHeaders } from './names/unattributing-headers.ts'
import { isPlaceholder } from './placeholder.ts'
import { readSources } from './sources.ts'

/** The ids that a request names for itself: what its response's headers repeat. As the client wrote them. */
export type NamedIds = {
  readonly threadId?: string | undefined
  readonly sessionId?: string | undefined
  readonly traceId?: string | undefined
}

type IdField = keyof NamedIds

const idFields: readonly string[] = ['threadId', 'sessionId', 'traceId'] satisfies readonly IdField[]

/** Our own headers, which go before every other source, by the id that they name. The other headers name none. */
const ownHeaders: ReadonlyMap<string, IdField | undefined> = new Map([
  ...headerFamilies
    .filter(({ own }) => own)
    .flatMap(({ names }) => Object.entries(names))
    .map(([name, meaning]) => [name, idFields.includes(meaning) ? (meaning as IdField) : undefined] as const),
  ...unattributingHeaders.map((name) => [name, undefined] as const),
])

/**
 * Reads the ids of a request from the same sources, by the same precedence, as its record will be attributed from.
 * @param recorded name, value, ...: see recorded-headers.ts
 * @param pathThread the thread id in the path, decoded
 * @param body of the request's body what may hold an id; called where the headers do not say all
 */
export function readNamedIds(
  recorded: readonly string[],
  pathThread: string | undefined,
  body: () => JsonObject | undefined,
): NamedIds {
  const own = readOwnIds(recorded)
  if (own?.threadId !== undefined && own.sessionId !== undefined && own.traceId !== undefined) return own
  const parsed = body()
  // Nearly every call: our own headers or none, and a body that names no id.
  if (own !== undefined && parsed === undefined) {
    return { ...own, threadId: own.threadId ?? (isPlaceholder(pathThread ?? '') ? undefined : pathThread) }
  }
  const { attributes } = readSources(headerMap(recorded), pathThread, parsed)
  const first = (field: IdField) => attributes.find((source) => source[field] !== undefined)?.[field]?.value
  return { threadId: first('threadId'), sessionId: first('sessionId'), traceId: first('traceId') }
}

/** @returns undefined where other headers may name ids too, or a value takes more than reading it */
function readOwnIds(recorded: readonly string[]): NamedIds | undefined {
  const ids: { [F in IdField]?: string } = {}
  for (let at = 0; at + 1 < recorded.length; at += 2) {
    const [name, value] = [recorded[at] as string, recorded[at + 1] as string]
    if (!ownHeaders.has(name)) return undefined
    const field = ownHeaders.get(name)
    if (field === undefined) continue
    if (ids[field] !== undefined || !isPlain.test(value) || isPlaceholder(value)) return undefined
    ids[field] = value
  }
  return ids
}

/** Printable ASCII without a comma: no list. */
const isPlain = /^[\x20-\x2b\x2d-\x7e]*$/
