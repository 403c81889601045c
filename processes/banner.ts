import type { Config } from '../shared/config/load.ts'

/** Where a running process listens; a worker has no data port. */
export type Addresses = { readonly data?: string; readonly admin: string }

/** The lines printed after starting, without secrets. */
export function banner(title: string, config: Config, { data, admin }: Addresses): string {
  const lines: (readonly [label: string, text: string])[] = []
  if (data !== undefined) {
    lines.push(['point your application at it', `OPENAI_BASE_URL=${data}/v1`])
    lines.push(['calls go on to', config.upstreamBaseUrl])
    for (const [name, url] of config.upstreams) lines.push(['', `${url}, for ${data}/${name}/v1`])
  }
  lines.push(['records go to', destinations(config, data !== undefined).join(', and ')])
  lines.push(['look at it', `${admin}/metrics, ${admin}/ledger`])
  if (!hasLangfuse(config)) lines.push(['for Langfuse, set', 'LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY'])
  if (config.redisUrl === undefined) lines.push(['for workers elsewhere, set', 'REDIS_URL'])
  const width = Math.max(...lines.map(([label]) => label.length))
  return `${title} is running.\n${lines.map(([label, text]) => `  ${label.padEnd(width)}  ${text}\n`).join('')}`
}

function destinations(config: Config, fromProxy: boolean): string[] {
  const sinks: string[] = []
  if (hasLangfuse(config)) sinks.push(`Langfuse at ${config.langfuseBaseUrl}`)
  if (config.otlpEndpoint !== undefined) sinks.push(`OpenTelemetry at ${config.otlpEndpoint}`)
  if (sinks.length === 0)
    sinks.push(`the local store in ${config.dataDir} (threadtap threads, threadtap calls)`)
  return fromProxy && config.redisUrl !== undefined
    ? [`the queue "${config.queueName}" in Redis`, ...sinks]
    : sinks
}

const hasLangfuse = (config: Config): boolean =>
  config.langfuseEnabled && config.langfusePublicKey !== undefined
