/** @param endpoint OTLP_ENDPOINT, with or without `/v1/traces` at its end */
export function tracesUrl(endpoint: string): string {
  return endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint}/v1/traces`
}
