import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '../../shared/json.ts'
import type { Attributes } from './attributes.ts'
import { readBaggage } from './baggage.ts'
import { readBodyContext } from './body.ts'
import { readHeaders } from './headers.ts'
import { type Caller, readTraceparent } from './trace-ids.ts'

/** What a request says of itself, the place that is believed most first. */
export type Sources = { readonly said: readonly Attributes[]; readonly caller?: Caller | undefined }

/**
 * Reads the places of a request that may say whose call it is: our headers, the path, other tools' headers,
 * `traceparent` and `baggage`, the body. The context store and the pod's defaults come after them.
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
    said: [
      own,
      pathThread === undefined ? {} : { threadId: { value: pathThread, from: 'path' } },
      foreign,
      { ...readBaggage(headers.baggage), ...traceAttributes(caller) },
      readBodyContext(body),
    ],
    caller,
  }
}

function traceAttributes(caller: Caller | undefined): Attributes {
  if (caller === undefined) return {}
  const from = 'traceparent'
  return {
    traceId: { value: caller.traceId, from },
    parentSpanId: { value: caller.parentSpanId, from },
  }
}
