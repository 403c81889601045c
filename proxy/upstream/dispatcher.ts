import { Agent } from 'undici'
import { connector } from './connection.ts'

/**
 * The connections to the upstreams.
 *
 * Idle connections are given up after 4 s, and after 20 s even where the upstream promises longer: a POST on
 * a connection that the upstream is just closing fails, and must not be sent again. HTTP/2 stays off: one
 * broken session would end many streams at once.
 */
export function createDispatcher(silenceMs: number): Agent {
  return new Agent({
    allowH2: false,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 20_000,
    connect: connector(10_000),
    // Models that think are silent for minutes before their first byte.
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    maxHeaderSize: 64 * 1024,
    maxResponseSize: -1,
  })
}
