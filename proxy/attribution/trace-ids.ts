import { createHash } from 'node:crypto'

/** The caller's span, and whether its trace is sampled. */
export type Caller = { readonly traceId: string; readonly parentSpanId: string; readonly sampled: boolean }

/**
 * Reads a W3C `traceparent`: `00-<32 hex>-<16 hex>-<2 hex>`, later versions with more after it.
 * @returns undefined where it is absent, malformed, or all zeros, which the standard forbids
 * Source: www.w3.org/TR/trace-context/#traceparent-header
 */
export function readTraceparent(header: string | string[] | undefined): Caller | undefined {
  if (typeof header !== 'string') return undefined
  const match = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(header.trim())
  const [, traceId, parentSpanId, flags = ''] = match ?? []
  if (traceId === undefined || parentSpanId === undefined) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(parentSpanId)) return undefined
  return { traceId, parentSpanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/**
 * Converts any trace id to 32 hex: hex stays, a UUID loses its hyphens, anything else is hashed as Langfuse's
 * SDKs hash a seed, so that every sidecar gives the same trace the same id.
 */
export function toTraceId(foreign: string): string {
  const plain = foreign.toLowerCase().replaceAll('-', '')
  if (/^[0-9a-f]{32}$/.test(plain) && !/^0+$/.test(plain)) return plain
  return createHash('sha256').update(foreign).digest('hex').slice(0, 32)
}

/** @returns the id as 16 lower-case hex, or undefined where it is not a span id */
export function toSpanId(foreign: string): string | undefined {
  const plain = foreign.toLowerCase()
  return /^[0-9a-f]{16}$/.test(plain) && !/^0+$/.test(plain) ? plain : undefined
}
