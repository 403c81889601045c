import { forAll, type Send, type Verdict } from '../sink.ts'
import type { Health } from './health.ts'
import { type Protocol, parseVersion, protocolForVersion } from './server-version.ts'

export type ProtocolOptions = {
  /** LANGFUSE_PROTOCOL. */
  readonly setting: Protocol | 'auto'
  readonly send: Readonly<Record<Protocol, Send>>
  readonly fetchHealth: (signal: AbortSignal) => Promise<Health>
}

/**
 * Sends over the protocol that the server supports. With `auto` the version is read before the first batch
 * and remembered, and read again when the server does not recognise a request, since it may have been upgraded.
 */
export function withProtocol({ setting, send, fetchHealth }: ProtocolOptions): Send {
  if (setting !== 'auto') return send[setting]
  let current: Protocol | undefined

  return async (batch, signal) => {
    if (current === undefined) {
      const health = await fetchHealth(signal)
      if ('verdict' in health) return forAll(batch, health.verdict)
      current = protocolOf(health.version)
      return send[current](batch, signal)
    }
    const previous = current
    const verdicts = await send[previous](batch, signal)
    if (!verdicts.some(isWrongProtocol)) return verdicts
    current = undefined
    const health = await fetchHealth(signal)
    // The same protocol again would get the same response.
    if ('verdict' in health || protocolOf(health.version) === previous) return verdicts
    current = protocolOf(health.version)
    return send[current](batch, signal)
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
