import {
  createServer as createPlainServer,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'

/** Both have the methods and events of node:http's server. */
export type AnyServer = Server | TlsServer

/** PEM. */
export type ServerCertificate = { readonly cert: string; readonly key: string }

/** A client that does not finish its handshake is given up, as one that does not finish its head. */
const handshakeTimeoutMs = 10_000

/** @param certificate makes it a server that speaks TLS only; HTTP/1.1, as ALPN says too */
export function createServer(
  options: ServerOptions,
  certificate: ServerCertificate | undefined,
  listener: RequestListener,
): AnyServer {
  if (certificate === undefined) return createPlainServer(options, listener)
  const tls = { ...certificate, ALPNProtocols: ['http/1.1'], handshakeTimeout: handshakeTimeoutMs }
  const server = createTlsServer({ ...options, ...tls }, listener)
  // As node:http has it from the start: what a client that has ended its side is still sent is up to the listener. Before
  // that, its end is the end of its handshake.
  server.on('secureConnection', (socket) => {
    socket.allowHalfOpen = true
  })
  return server
}

/** The event with which such a server takes a socket that speaks HTTP. */
export const connectionEvent = (server: AnyServer): 'connection' | 'secureConnection' =>
  server instanceof TlsServer ? 'secureConnection' : 'connection'
