import type { IncomingMessage } from 'node:http'
import type { Failure } from '../failures.ts'
import type { Upstream } from '../target.ts'
import { type PageRequest, pageRequest } from './cors.ts'
import { sendsCredentials } from './credentials.ts'
import { takeDataToken } from './data-token.ts'
import { foreignPage, type PageRules } from './foreign-page.ts'

type Refusal = { readonly failure: Failure }

/** Who may use the data port. */
export type Access = {
  /** What a browser has to be told, where the request is one of a page that may use the port. */
  page(incoming: IncomingMessage): PageRequest | undefined
  /** Whether a request may come in at all. Takes DATA_TOKEN off it. */
  refuse(incoming: IncomingMessage): Refusal | undefined
  /** Whether a call may be sent with our own key of an upstream, or with what its base URL holds. */
  refuseKey(incoming: IncomingMessage, upstream: Upstream): Refusal | undefined
  /** Whether a request may read and write registered contexts. */
  refuseContexts(incoming: IncomingMessage): Refusal | undefined
}

export type AccessRules = PageRules & {
  /** DATA_TOKEN */
  readonly dataToken?: string
}

export function createAccess(rules: AccessRules): Access {
  const { dataToken } = rules

  function refuse(incoming: IncomingMessage): Refusal | undefined {
    if (dataToken === undefined || takeDataToken(incoming, dataToken)) return undefined
    return refusal('data_token_missing', 'send DATA_TOKEN in the field x-threadtap-token, or as the API key')
  }

  function refuseForeign(incoming: IncomingMessage, what: string): Refusal | undefined {
    const sign = foreignPage(incoming.headers, rules)
    return sign === undefined ? undefined : refusal('foreign_page', `${what}: ${sign}`)
  }

  return {
    page: (incoming) => pageRequest(incoming, rules),
    refuse,
    refuseKey(incoming, upstream) {
      if (upstream.authorization !== undefined || upstream.query !== undefined) {
        return refuseForeign(incoming, "what is in the upstream's URL is not lent to this request")
      }
      if (upstream.apiKey === undefined || sendsCredentials(incoming.headers)) return undefined
      return refuseForeign(incoming, 'UPSTREAM_API_KEY is not lent to this request')
    },
    refuseContexts: (incoming) =>
      refuse(incoming) ?? refuseForeign(incoming, 'contexts are closed to this request'),
  }
}

const refusal = (code: Failure['code'], message: string): Refusal => ({ failure: { code, message } })
