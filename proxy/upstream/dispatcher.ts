import { Agent } from 'undici'
import { connector } from './connection.ts'

/**
 * The connection pools to the upstreams.
 *
 * Idle connections are closed after 4 s, and after 20 s even where the upstream promises longer: a POST on
 * a connection that the upstream is just closing fails, and must not be sent again. HTTP/2 stays off: one
 * broken session would end many streams at once.
 * @param silenceMs longest wait for a response head, and between two chunks of its body
 */
export function createDispatcher(silenceMs: number): Agent {
  return new Agent({
    allowH2: false,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 20_000,
    connect: connector(10_000),
    // Reasoning models are silent for minutes before their first byte.
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    maxHeaderSize: 64 * 1024,
    maxResponseSize: -1,
  })
}
