import type { Json } from '../../../shared/json.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import { wellFormed, wellFormedJson } from '../well-formed-text.ts'

// The JSON form of OTLP (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids in hex,
// 64-bit numbers as decimal strings, enums as numbers.

export type AttributeValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AttributeValue[] } }

export type Attribute = { readonly key: string; readonly value: AttributeValue }

export type Span = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: 1 | 3
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly Attribute[]
  readonly status: { readonly code?: 2; readonly message?: string }
}

/** Who sends: resource and instrumentation scope. */
export type Origin = {
  readonly resource: readonly Attribute[]
  readonly scope: { readonly name: string; readonly attributes?: readonly Attribute[] }
}

/** SPAN_KIND_INTERNAL and SPAN_KIND_CLIENT. */
export const spanKind = { internal: 1, client: 3 } as const

/** What a mapping writes down: absent values, null and empty lists and texts leave no attribute behind. */
export type Values = {
  readonly [key: string]: string | number | boolean | readonly string[] | null | undefined
}

/**
 * An attribute without a value would cost every span of the request on Langfuse 4.16 (measured), so there
 * is no way to write one.
 */
export function attributes(values: Values): readonly Attribute[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const encoded = encode(value)
    return encoded === undefined ? [] : [{ key: wellFormed(key), value: encoded }]
  })
}

function encode(value: Values[string]): AttributeValue | undefined {
  switch (typeof value) {
    case 'string':
      return value === '' ? undefined : { stringValue: wellFormed(value) }
    case 'boolean':
      return { boolValue: value }
    case 'number':
      if (!Number.isFinite(value)) return undefined
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
    default: {
      const values = (value ?? []).filter((item) => item !== '')
      return values.length === 0
        ? undefined
        : { arrayValue: { values: values.map((item) => ({ stringValue: wellFormed(item) })) } }
    }
  }
}

/** @returns texts as they are, everything else as JSON text */
export function contentText(value: Json | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : wellFormedJson(value)
}

/** Both ends of a call in whole ms, as ns: the same for every attempt, since sinks tell spans apart by them. */
export function spanTimes({ times }: InferenceRecord): Pick<Span, 'startTimeUnixNano' | 'endTimeUnixNano'> {
  return {
    startTimeUnixNano: nanoseconds(times.startedAt),
    endTimeUnixNano: nanoseconds(times.startedAt + times.durationMs),
  }
}

const nanoseconds = (ms: number): string => `${Math.round(ms)}000000`

/** @returns the body of one export request */
export function exportRequest(origin: Origin, spans: readonly Span[]): string {
  return JSON.stringify({
    resourceSpans: [
      { resource: { attributes: origin.resource }, scopeSpans: [{ scope: origin.scope, spans }] },
    ],
  })
}
