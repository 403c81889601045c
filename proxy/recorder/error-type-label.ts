/**
 * Error types that are labels of their own. A closed set: upstreams name errors as they like, and each new name would be
 * a dozen new time series for ever; 1,500 of them made scrapes of 0.4 s.
 */
const knownTypes: ReadonlySet<string> = new Set([
  // Ours: proxy/ingress/failures.ts and proxy/observe/ending.ts.
  'upstream_unreachable',
  'upstream_closed',
  'upstream_timeout',
  'upstream_protocol_error',
  'client_closed',
  'truncated',
  'error',
  'response_failed',
  // OpenAI (platform.openai.com/docs/guides/error-codes), and the many that follow it.
  'rate_limit_exceeded',
  'insufficient_quota',
  'invalid_api_key',
  'invalid_request_error',
  'invalid_value',
  'model_not_found',
  'context_length_exceeded',
  'content_filter',
  'content_policy_violation',
  'missing_required_parameter',
  'unsupported_parameter',
  'unsupported_value',
  'billing_hard_limit_reached',
  'server_error',
  'overloaded',
  'engine_overloaded',
  'service_unavailable',
  'timeout',
  // Anthropic (docs.anthropic.com/en/api/errors).
  'authentication_error',
  'billing_error',
  'permission_error',
  'not_found_error',
  'request_too_large',
  'rate_limit_error',
  'api_error',
  'timeout_error',
  'overloaded_error',
  // Azure.
  'DeploymentNotFound',
])

const knownStatuses: ReadonlySet<number> = new Set([
  ...[200, 201, 202, 204, 206, 301, 302, 304, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 415, 422, 424, 425, 429, 499],
  ...[500, 501, 502, 503, 504, 520, 522, 524, 529],
])

/** @param type of the record's error @returns the label; empty where there was no error */
export function errorTypeLabel(type: string | undefined): string {
  if (type === undefined) return ''
  if (knownTypes.has(type)) return type
  const status = /^http_(\d{3})$/.exec(type)?.[1]
  return status !== undefined && knownStatuses.has(Number(status)) ? type : 'other'
}

/** @returns the label of an HTTP status; `none` where there was no response */
export function statusLabel(status: number | undefined): string {
  if (status === undefined) return 'none'
  return knownStatuses.has(status) ? String(status) : 'other'
}
