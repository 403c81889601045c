import type { Delivery, Send } from '../sink.ts'
import { forAll } from '../sink.ts'
import type { Health } from './health.ts'

export type Protocol = 'otlp' | 'ingestion'

/** How each protocol sends, and how to ask the server for its version. */
export type ProtocolParts = {
  readonly setting: Protocol | 'auto'
  readonly send: Readonly<Record<Protocol, Send>>
  readonly askHealth: (signal: AbortSignal) => Promise<Health>
}

/** The first version with OTLP. */
const otlpSince = [3, 22, 0] as const

/** @param version as `/api/public/health` tells it: `3.199.0`, `v4.16.0`, `3.22.0-rc.1` */
export function protocolFor(version: string): Protocol {
  const parts = version.replace(/^v/, '').split(/[.-]/, 3).map(Number)
  for (const [place, least] of otlpSince.entries()) {
    const part = parts[place] ?? 0
    if (part !== least) return part > least ? 'otlp' : 'ingestion'
  }
  return 'otlp'
}

/**
 * Speaks the protocol that the server understands: asked before the first batch, remembered, and asked
 * again when the server says that it does not know what it was sent, since it may have been upgraded.
 */
export function withProtocol({ setting, send, askHealth }: ProtocolParts): Send {
  if (setting !== 'auto') return send[setting]
  let known: Protocol | undefined

  return async (batch, signal) => {
    const first = known
    if (first !== undefined) {
      const verdicts = await send[first](batch, signal)
      if (!verdicts.some(isWrongProtocol)) return verdicts
      known = undefined
      const health = await askHealth(signal)
      // The same protocol again would get the same answer.
      if ('verdict' in health || protocolFor(health.version) === first) return verdicts
      known = protocolFor(health.version)
      return send[known](batch, signal)
    }
    const health = await askHealth(signal)
    if ('verdict' in health) return forAll(batch, health.verdict)
    known = protocolFor(health.version)
    return send[known](batch, signal)
  }
}

function isWrongProtocol(verdict: Delivery): boolean {
  return !verdict.ok && verdict.fault.kind === 'held' && verdict.fault.wrongProtocol === true
}
