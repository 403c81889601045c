import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '../../shared/json.ts'
import { type Attributes, mergeFields } from './attributes.ts'
import { readBaggage } from './baggage.ts'
import { readBody } from './body.ts'
import { readHeaders } from './headers.ts'
import { type Caller, readTraceparent } from './trace-ids.ts'

/** The attributes from each source within a request, the highest precedence first. */
export type Sources = { readonly attributes: readonly Attributes[]; readonly caller?: Caller | undefined }

/**
 * Reads the sources of a request, in the order of their precedence: our headers, the path, other tools'
 * headers, `traceparent` and `baggage`, the body. The context store and CONTEXT_DEFAULTS come after them.
 * @param pathThread the thread id in the path, decoded
 * @param body the parsed request body, where there is one
 */
export function readSources(
  headers: IncomingHttpHeaders,
  pathThread: string | undefined,
  body: Json | undefined,
): Sources {
  const { own, foreign } = readHeaders(headers)
  const caller = readTraceparent(headers.traceparent)
  return {
    attributes: [
      own,
      mergeFields(pathThread === undefined ? [] : [{ field: 'threadId', value: pathThread, source: 'path' }]),
      foreign,
      { ...readBaggage(headers.baggage), ...traceAttributes(caller) },
      readBody(body),
    ],
    caller,
  }
}

function traceAttributes(caller: Caller | undefined): Attributes {
  if (caller === undefined) return {}
  const source = 'traceparent'
  return {
    traceId: { value: caller.traceId, source },
    parentSpanId: { value: caller.parentSpanId, source },
  }
}
