import type { Json } from '../../../shared/json.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import { stringifyWellFormed, toWellFormed } from '../well-formed-text.ts'

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

/** What all spans of a request share. */
export type ResourceAndScope = {
  readonly resource: readonly Attribute[]
  readonly scope: { readonly name: string; readonly attributes?: readonly Attribute[] }
}

/** SPAN_KIND_INTERNAL and SPAN_KIND_CLIENT. */
export const spanKind = { internal: 1, client: 3 } as const

/** Attributes before encoding: undefined, null, empty strings and empty lists are left out. */
export type AttributeValues = {
  readonly [key: string]: string | number | boolean | readonly string[] | null | undefined
}

/**
 * Never yields an attribute without a value: Langfuse 4.16 drops every span of a request that has one
 * (measured).
 */
export function toAttributes(values: AttributeValues): readonly Attribute[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const encoded = encodeValue(value)
    return encoded === undefined ? [] : [{ key: toWellFormed(key), value: encoded }]
  })
}

function encodeValue(value: AttributeValues[string]): AttributeValue | undefined {
  switch (typeof value) {
    case 'string':
      return value === '' ? undefined : { stringValue: toWellFormed(value) }
    case 'boolean':
      return { boolValue: value }
    case 'number':
      if (!Number.isFinite(value)) return undefined
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
    default: {
      const values = (value ?? []).filter((item) => item !== '')
      return values.length === 0
        ? undefined
        : { arrayValue: { values: values.map((item) => ({ stringValue: toWellFormed(item) })) } }
    }
  }
}

/** @returns a string as it is, anything else as JSON */
export function contentText(value: Json | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : stringifyWellFormed(value)
}

/** Start and end rounded to ms, in ns. The same for every attempt, since sinks identify a span by them too. */
export function spanTimes({ times }: InferenceRecord): Pick<Span, 'startTimeUnixNano' | 'endTimeUnixNano'> {
  return {
    startTimeUnixNano: nanoseconds(times.startedAt),
    endTimeUnixNano: nanoseconds(times.startedAt + times.durationMs),
  }
}

/** Rounded to ms, as a decimal string. */
export const nanoseconds = (ms: number): string => `${Math.round(ms)}000000`

/** @returns the body of one export request */
export function exportRequest({ resource, scope }: ResourceAndScope, spans: readonly Span[]): string {
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope, spans }] }],
  })
}
