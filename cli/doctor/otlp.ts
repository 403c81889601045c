import type { Config } from '../../shared/config/load.ts'
import { tracesUrl } from '../../worker/sinks/otlp/traces-url.ts'
import { type Check, type Finding, notOk, notUsed, ok } from './check.ts'
import { statusOf } from './status.ts'

/** Exports an empty list of spans, which OTLP allows and which stores nothing. */
export function otlpCheck({ otlpEndpoint, otlpHeaders }: Config): Check {
  return {
    name: 'OTLP',
    async run(signal): Promise<Finding> {
      if (otlpEndpoint === undefined) return notUsed('OTLP_ENDPOINT is not set')
      const url = tracesUrl(otlpEndpoint)
      const headers = { 'content-type': 'application/json', ...otlpHeaders }
      const status = await statusOf(url, { method: 'POST', headers, body: '{"resourceSpans":[]}', signal })
      if (status < 300) return ok(`${url} takes traces`)
      const remedy =
        status === 401 || status === 403
          ? 'set its credentials in OTLP_HEADERS'
          : 'see that it takes OTLP/HTTP JSON there'
      return notOk(`${url} answers ${status}`, remedy)
    },
  }
}
