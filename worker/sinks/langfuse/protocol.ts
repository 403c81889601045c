import type { InferenceRecord } from '../../../shared/record/record.ts'
import { forAll, type Send, type Verdict } from '../sink.ts'
import type { Health } from './health.ts'
import { type Protocol, parseVersion, protocolForVersion } from './server-version.ts'

export type ProtocolOptions = {
  /** LANGFUSE_PROTOCOL. */
  readonly setting: Protocol | 'auto'
  readonly send: Readonly<Record<Protocol, Send>>
  readonly fetchHealth: (signal: AbortSignal) => Promise<Health>
  /** How long the version is waited for. */
  readonly healthTimeoutMs?: number
}

/** What servers of the last years speak; an older one answers 404, and gets the other protocol. */
const likely: Protocol = 'otlp'
const other: Readonly<Record<Protocol, Protocol>> = { otlp: 'ingestion', ingestion: 'otlp' }

const defaultHealthTimeoutMs = 3_000

/**
 * Sends over the protocol that the server supports. With `auto` the version is read before the first batch
 * and remembered, and read again when the server does not recognise a request, since it may have been upgraded.
 * A server that is slow to say its version is tried without: each protocol's answer says whether it was the right one.
 */
export function withProtocol(options: ProtocolOptions): Send {
  const { setting, send } = options
  if (setting !== 'auto') return send[setting]
  let current: Protocol | undefined

  async function sendUnderstood(batch: readonly InferenceRecord[], protocol: Protocol, signal: AbortSignal) {
    const verdicts = await send[protocol](batch, signal)
    current = verdicts.some(isWrongProtocol) ? undefined : protocol
    return verdicts
  }

  return async (batch, signal) => {
    const known = current
    const health = known === undefined ? await healthInTime(options, signal) : undefined
    if (health !== undefined && 'verdict' in health) return forAll(batch, health.verdict)
    const first = known ?? (health === undefined ? likely : protocolOf(health.version))
    const verdicts = await sendUnderstood(batch, first, signal)
    // What a server says of its own version is not tried again: it would get the same response.
    if (current !== undefined || health !== undefined) return verdicts
    const again = known === undefined ? undefined : await healthInTime(options, signal)
    if (again !== undefined && ('verdict' in again || protocolOf(again.version) === first)) return verdicts
    return sendUnderstood(batch, other[first], signal)
  }
}

/** @returns undefined where the server is too slow to say it */
async function healthInTime(
  { fetchHealth, healthTimeoutMs = defaultHealthTimeoutMs }: ProtocolOptions,
  signal: AbortSignal,
): Promise<Health | undefined> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), healthTimeoutMs)
  try {
    return await fetchHealth(AbortSignal.any([signal, deadline.signal]))
  } catch (cause) {
    if (signal.aborted || !deadline.signal.aborted) throw cause
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

/** A version that cannot be parsed gets the older protocol. */
function protocolOf(version: string): Protocol {
  const parsed = parseVersion(version)
  return parsed === undefined ? 'ingestion' : protocolForVersion(parsed)
}

function isWrongProtocol(verdict: Verdict): boolean {
  return !verdict.ok && verdict.fault.kind === 'held' && verdict.fault.wrongProtocol === true
}
