import { urlAuthorization } from '../../../shared/http/url-authorization.ts'

/** Where traces are sent to, and with which headers. Both may hold credentials. */
export type TracesRequest = { readonly url: string; readonly headers: Readonly<Record<string, string>> }

/**
 * @param endpoint OTLP_ENDPOINT, with or without `/v1/traces` at the end of its path; its query stays, its user and password
 * become `Authorization`
 * @param headers OTLP_HEADERS, in lower case; they take precedence
 */
export function tracesRequest(endpoint: string, headers: Readonly<Record<string, string>>): TracesRequest {
  const url = new URL(endpoint)
  const authorization = urlAuthorization(url)
  url.username = ''
  url.password = ''
  const path = url.pathname.replace(/\/$/, '')
  url.pathname = path.endsWith('/v1/traces') ? path : `${path}/v1/traces`
  return { url: url.href, headers: { ...(authorization !== undefined && { authorization }), ...headers } }
}
