import type { JsonObject } from '../../shared/json.ts'
import { headerMap } from './header-map.ts'
import { isPlaceholder } from './placeholder.ts'
import { readSources } from './sources.ts'

/** The ids that a request names for itself: what its response's headers repeat. As the client wrote them. */
export type NamedIds = {
  readonly threadId?: string | undefined
  readonly sessionId?: string | undefined
  readonly traceId?: string | undefined
}

type IdField = keyof NamedIds

/** Our own headers, which go before every other source. What else is ours names no id. */
const ownHeaders: ReadonlyMap<string, IdField | undefined> = new Map<string, IdField | undefined>([
  ['x-thread-id', 'threadId'],
  ['x-session-id', 'sessionId'],
  ['x-trace-id', 'traceId'],
  ['x-user-id', undefined],
  ['x-agent-key', undefined],
  ['x-trace-name', undefined],
  ['x-tags', undefined],
  ['x-metadata', undefined],
  ['content-type', undefined],
  ['content-encoding', undefined],
  ['idempotency-key', undefined],
  ['x-request-id', undefined],
  ['x-stainless-retry-count', undefined],
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
    if (ids[field] !== undefined || !isAscii.test(value) || isPlaceholder(value)) return undefined
    ids[field] = value
  }
  return ids
}

const isAscii = /^[\x20-\x7e]*$/
