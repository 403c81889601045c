import type { Config } from '../../shared/config/load.ts'
import { type Check, type Finding, notOk, ok } from './check.ts'
import { statusOf } from './status.ts'

/** One check per upstream: any HTTP response counts as reachable, because clients usually bring their own key. */
export function upstreamChecks({ upstreamBaseUrl, upstreams, upstreamApiKey }: Config): Check[] {
  return [
    upstreamCheck('default', upstreamBaseUrl, upstreamApiKey),
    ...[...upstreams].map(([name, url]) => upstreamCheck(name, url)),
  ]
}

function upstreamCheck(name: string, baseUrl: string, apiKey?: string): Check {
  return {
    name: `upstream ${name}`,
    async run(signal): Promise<Finding> {
      const status = await statusOf(`${baseUrl}/models`, { headers: requestHeaders(baseUrl, apiKey), signal })
      if (apiKey === undefined) return ok(`${baseUrl} answers (${status} without a key)`)
      if (status === 401 || status === 403) {
        return notOk(`${baseUrl} refuses UPSTREAM_API_KEY (${status})`, 'set a key of this upstream')
      }
      if (status < 300) return ok(`${baseUrl} answers and accepts UPSTREAM_API_KEY`)
      return ok(`${baseUrl} answers (${status} to GET /models, which says nothing about UPSTREAM_API_KEY)`)
    },
  }
}

/** As the relay sends the key: Anthropic's API has a field of its own for it, and refuses calls without a version. */
export function requestHeaders(baseUrl: string, apiKey: string | undefined): Record<string, string> {
  const isAnthropic = /(^|\.)anthropic\.com$/.test(new URL(baseUrl).hostname)
  const version = isAnthropic ? { 'anthropic-version': '2023-06-01' } : {}
  if (apiKey === undefined) return version
  return { ...version, ...(isAnthropic ? { 'x-api-key': apiKey } : { authorization: `Bearer ${apiKey}` }) }
}
