import type { Config } from '../../shared/config/load.ts'
import { tracesRequest } from '../../worker/sinks/otlp/traces-request.ts'
import { readSuccess } from '../../worker/sinks/otlp/transport.ts'
import type { Check } from './check.ts'
import { type Answer, ask } from './reach/ask.ts'
import { refusesPlainHttp, speaksHttps } from './reach/explain.ts'
import { type Address, type Finding, notOk, notUsed, ok } from './reach/finding.ts'

/** Exports an empty list of spans, which OTLP allows and which stores nothing. */
export function otlpCheck({ otlpEndpoint, otlpHeaders }: Config): Check {
  if (otlpEndpoint === undefined) {
    return { name: 'OTLP', run: async () => notUsed('OTLP_ENDPOINT is not set') }
  }
  const address = { url: otlpEndpoint, assign: (url: string) => `OTLP_ENDPOINT=${url}` }
  return {
    name: 'OTLP',
    address,
    async run(signal): Promise<Finding> {
      const { url, headers: own } = tracesRequest(otlpEndpoint, otlpHeaders)
      const headers = { 'content-type': 'application/json', ...own }
      const answer = await ask(url, { method: 'POST', headers, body: '{"resourceSpans":[]}', signal })
      if (refusesPlainHttp(url, answer)) return speaksHttps(address)
      return answerFinding(address, url, answer)
    },
  }
}

function answerFinding({ assign }: Address, url: string, { status, body, isWebPage }: Answer): Finding {
  const collector = assign('<address of a collector>:4318')
  if (isWebPage && status < 400) return notOk(`${url} is a web page, not an OTLP endpoint`, collector)
  if (status < 300) {
    const verdict = readSuccess(body, 0)
    return verdict.ok ? ok(`${url} takes traces`) : notOk(`${url}: ${verdict.fault.reason}`, collector)
  }
  if (status === 401 || status === 403) {
    return notOk(`${url} answers ${status}: it wants credentials`, 'OTLP_HEADERS=authorization=<value>')
  }
  if (status === 404 || status === 405) {
    return notOk(`${url} answers ${status}: nothing takes traces there`, collector)
  }
  if (status === 415) return notOk(`${url} takes no JSON (415), only protobuf`, collector)
  return notOk(`${url} answers ${status}: ${body.slice(0, 200)}`, `curl -i -X POST ${url}`)
}
