import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '../../shared/json.ts'
import { type Attributes, mergeFields, type OnPlaceholder } from './attributes.ts'
import { readBaggage } from './baggage.ts'
import { readBody } from './body.ts'
import { readHeaders } from './headers.ts'
import { type Caller, readTraceparent } from './trace-ids.ts'

/** The attributes from each source within a request, the highest precedence first. */
export type Sources = { readonly attributes: readonly Attributes[]; readonly caller?: Caller | undefined }

/** Where an id may stand that only says that there is none; closed, as it is a label. */
export const placeholderSources = ['header', 'path', 'baggage', 'body', 'context'] as const

export type PlaceholderSource = (typeof placeholderSources)[number]

/**
 * Reads the sources of a request, in the order of their precedence: our headers, the path, other tools'
 * headers, `traceparent` and `baggage`, the body. The context store and CONTEXT_DEFAULTS come after them.
 * @param pathThread the thread id in the path, decoded
 * @param body the parsed request body, where there is one
 * @param onPlaceholder called for each id that only says that there is none
 */
export function readSources(
  headers: IncomingHttpHeaders,
  pathThread: string | undefined,
  body: Json | undefined,
  onPlaceholder: (source: PlaceholderSource) => void = () => undefined,
): Sources {
  const { own, foreign } = readHeaders(headers, () => onPlaceholder('header'))
  const caller = readTraceparent(headers.traceparent)
  return {
    attributes: [
      own,
      readPath(pathThread, () => onPlaceholder('path')),
      foreign,
      { ...readBaggage(headers.baggage, () => onPlaceholder('baggage')), ...traceAttributes(caller) },
      readBody(body, () => onPlaceholder('body')),
    ],
    caller,
  }
}

const readPath = (thread: string | undefined, onPlaceholder: OnPlaceholder): Attributes =>
  thread === undefined
    ? {}
    : mergeFields([{ field: 'threadId', value: thread, source: 'path' }], onPlaceholder)

function traceAttributes(caller: Caller | undefined): Attributes {
  if (caller === undefined) return {}
  const source = 'traceparent'
  return {
    traceId: { value: caller.traceId, source },
    parentSpanId: { value: caller.parentSpanId, source },
  }
}
