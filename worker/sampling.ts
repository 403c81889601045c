// 13 hex digits are 52 bits, which a number represents exactly.
const digits = 13

/**
 * Samples by trace id, so that a trace is complete or absent, and every worker decides alike. The right-most
 * part of a trace id is the random one (W3C Trace Context Level 2, random-trace-id flag), and its upper range is
 * sampled, as in OpenTelemetry's consistent probability sampling.
 * @param traceId 32 hex characters
 * @param rate from 0 (nothing) to 1 (everything)
 */
export function isSampled(traceId: string, rate: number): boolean {
  if (rate >= 1) return true
  const position = Number.parseInt(traceId.slice(-digits), 16) / 16 ** digits
  return position >= 1 - rate
}
