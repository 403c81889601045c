import type { IncomingMessage } from 'node:http'
import type { Json, JsonObject } from '../shared/json.ts'
import { newRecordId, newTraceId } from '../shared/record/ids.ts'
import { readNamedIds } from './attribution/named-ids.ts'
import type { CallIds } from './id-headers.ts'
import type { RequestBody } from './ingress/body.ts'
import { heldValue } from './ingress/held-value.ts'
import type { Target } from './ingress/target.ts'
import { idKeys } from './ingress/wanted-keys.ts'
import { recordedHeaders } from './recorded-headers.ts'
import type { BodyKind } from './tape/messages.ts'
import type { Tap, TappedCall } from './tape/tap.ts'

/** A call whose head has come, on the tape from now on. */
export type BegunCall = {
  readonly tapped: TappedCall
  /** @returns the ids that its response names, when its body is known */
  readonly ids: (body: RequestBody) => CallIds
}

/** @param started wall clock, and the same moment on the monotonic clock; ms */
export function beginCall(
  incoming: IncomingMessage,
  target: Target,
  bodyKind: BodyKind,
  started: { readonly at: number; readonly monotonic: number },
  tap: Tap,
): BegunCall {
  const [callId, freshTraceId] = [newRecordId(started.at), newTraceId()]
  const { headers, credentials } = recordedHeaders(incoming.rawHeaders)
  const tapped = tap.begin(
    {
      id: callId,
      freshTraceId,
      startedAt: started.at,
      method: incoming.method ?? 'GET',
      upstream: target.upstream.name,
      operation: target.operation,
      route: target.route,
      pathThread: target.pathThread ?? '',
      body: bodyKind,
      headers,
    },
    started.monotonic,
    credentials,
  )
  return {
    tapped,
    ids: (body) => ({
      callId,
      freshTraceId,
      named: readNamedIds(headers, target.threadId, () => bodyIds(body)),
    }),
  }
}

/** @returns of a JSON body what may name an id; undefined where there is nothing of the kind */
function bodyIds(body: RequestBody): JsonObject | undefined {
  if (body.kind !== 'held') return undefined
  const values = (body.decoded ?? body).json?.values
  const found: Record<string, Json> = {}
  for (const key of idKeys) {
    if (values?.has(key) !== true) continue
    const value = heldValue(body, key)
    if (value !== undefined) found[key] = value
  }
  return Object.keys(found).length > 0 ? found : undefined
}
