import { wrap } from '../cli/terminal/wrap.ts'
import { destinationsOf } from '../shared/config/destinations.ts'
import type { Config } from '../shared/config/load.ts'
import { callableUrl, isOnEveryAddress } from '../shared/http/callable-url.ts'
import { isLoopback } from '../shared/http/loopback.ts'
import { maskCredentials } from '../shared/mask-credentials.ts'

/** Where a running process listens; a worker has no data port. */
export type Addresses = {
  readonly data?: string
  /** Absent where what shows it could not be started. */
  readonly admin?: string
}

/** What a process does with the records: it delivers them, hands them to Redis, or both one after the other. */
export type DeliveryRole = 'delivers' | 'queues'

export type Surroundings = {
  readonly delivery: DeliveryRole
  /** An address that other machines call this one by. */
  readonly machine?: string | undefined
  /** How its commands are called where it was started: `threadtap`, or `npx threadtap`. */
  readonly command: string
  /** What is wrong and stops nothing, a sentence each. */
  readonly warnings?: readonly string[]
}

type Line = readonly [label: string, text: string]

/** The lines printed after starting, without secrets. */
export function banner(
  title: string,
  config: Config,
  addresses: Addresses,
  surroundings: Surroundings,
): string {
  const admin = addresses.admin && callableUrl(addresses.admin)
  const facts: readonly Line[] = [
    ...callLines(config, addresses, surroundings.machine),
    ...labelOnce('records go to', recordLines(config, addresses, surroundings)),
    ...labelOnce('look at it', admin === undefined ? [] : adminLines(config, admin)),
    ...hintLines(config, surroundings),
  ]
  const labelWidth = Math.max(...facts.map(([label]) => label.length))
  const warnings = [...openDoors(config, addresses), ...(surroundings.warnings ?? [])]
  const room = columns - labelWidth - 4
  const lines = [
    ...facts,
    ...labelOnce(
      'warning',
      warnings.flatMap((warning) => wrap(warning, room, '  ')),
    ),
  ]
  return `${title} is running.\n${lines.map(([label, text]) => `  ${label.padEnd(labelWidth)}  ${text}\n`).join('')}`
}

/** The width of a usual terminal. Only sentences are wrapped: everything else is there to be copied. */
const columns = 80

const labelOnce = (label: string, texts: readonly string[]): readonly Line[] =>
  texts.map((text, at) => [at === 0 ? label : '', text])

function callLines(config: Config, { data }: Addresses, machine: string | undefined): readonly Line[] {
  if (data === undefined) return []
  const url = callableUrl(data)
  const elsewhere =
    machine !== undefined && isOnEveryAddress(data)
      ? [`${url.replace(new URL(url).hostname, machine)}/v1 from other machines`]
      : []
  const others = [...config.upstreams].map(
    ([name, upstream]) => `${maskCredentials(upstream)}, for ${url}/${name}/v1`,
  )
  return [
    ['point your application at it', `OPENAI_BASE_URL=${url}/v1`],
    ...labelOnce('', elsewhere),
    ...labelOnce('calls go on to', [maskCredentials(config.upstreamBaseUrl), ...others]),
  ]
}

function recordLines(
  config: Config,
  { data }: Addresses,
  { delivery, command }: Surroundings,
): readonly string[] {
  const queue =
    config.redisUrl !== undefined && data !== undefined
      ? [`the queue "${config.queueName}" in Redis${delivery === 'queues' ? ', to the workers' : ''}`]
      : []
  if (delivery === 'queues') return queue
  const destinations = destinationsOf(config)
  const store = config.localStore ? [`the local store, ${config.dataDir} (${command} calls)`] : []
  return [
    ...queue,
    ...(destinations.includes('langfuse') ? [`Langfuse at ${maskCredentials(config.langfuseBaseUrl)}`] : []),
    ...(destinations.includes('otlp')
      ? [`OpenTelemetry at ${maskCredentials(config.otlpEndpoint ?? '')}`]
      : []),
    ...store,
  ]
}

/** Without a token all but metrics and probes is closed off loopback, to this machine too. */
const adminLines = (config: Config, admin: string): readonly string[] =>
  isAdminClosed(config)
    ? [`${admin}/metrics`]
    : [`${admin}/ in a browser`, `${admin}/metrics`, `${admin}/ledger`]

const isAdminClosed = ({ adminHost, adminToken }: Config): boolean =>
  !isLoopback(adminHost) && adminToken === undefined

function hintLines(config: Config, { delivery, command }: Surroundings): readonly Line[] {
  const { langfuseEnabled, redisUrl } = config
  if (delivery === 'queues') return []
  const hasLangfuse = destinationsOf(config).includes('langfuse')
  const langfuse: readonly Line[] = langfuseEnabled
    ? [['for Langfuse, set', 'LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY']]
    : [['Langfuse', 'is off: LANGFUSE_ENABLED=false']]
  return [
    ...(hasLangfuse ? [] : langfuse),
    ...(redisUrl === undefined ? ([['for workers elsewhere, set', 'REDIS_URL']] as const) : []),
    ['is all well?', `${command} doctor`],
  ]
}

/** What others than this machine can do here. */
function openDoors(config: Config, { data }: Addresses): readonly string[] {
  const { host, port, dataToken, adminHost } = config
  const canCall = data !== undefined && !isLoopback(host) && dataToken === undefined
  return [
    ...(canCall
      ? [
          `who reaches port ${port || new URL(data).port} can call through it${withLent(config)}, and read and register contexts: set DATA_TOKEN`,
        ]
      : []),
    ...(isLoopback(adminHost)
      ? []
      : [`who reaches the admin port can read /metrics${isAdminClosed(config) ? ', and nothing else' : ''}`]),
  ]
}

/** What of ours calls are sent with. */
function withLent({ upstreamApiKey, upstreamBaseUrl, upstreams }: Config): string {
  const lent = [
    ...(upstreamApiKey === undefined ? [] : ['your UPSTREAM_API_KEY']),
    ...(holdsCredentials(upstreamBaseUrl) ? ['the credentials in UPSTREAM_BASE_URL'] : []),
    ...([...upstreams.values()].some(holdsCredentials) ? ['the credentials in UPSTREAMS'] : []),
  ]
  return lent.length === 0 ? '' : `, with ${lent.join(' and ')}`
}

const holdsCredentials = (url: string): boolean => maskCredentials(url) !== url
