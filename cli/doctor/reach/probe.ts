import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { hostInUrl } from '../../../shared/http/callable-url.ts'

type Connection = { readonly host: string; readonly port: number }

/** Long enough for a server on another continent. */
const probeMs = 3_000

/** Whether a TCP connection comes about in time. */
export function takesConnections(url: string): Promise<boolean> {
  const { host, port } = connectionOf(url)
  const socket = connect({ host, port })
  return settled(socket, 'connect')
}

/** Whether a TLS handshake comes about, whatever the certificate: it is only asked what the port speaks. */
export function speaksTls(url: string): Promise<boolean> {
  const { host, port } = connectionOf(url)
  const socket = connectTls({ host, port, rejectUnauthorized: false })
  return settled(socket, 'secureConnect')
}

/** Whether the same port answers plain HTTP. */
export async function speaksPlainHttp(url: string): Promise<boolean> {
  const plain = new URL(url)
  const { host, port } = connectionOf(url)
  const signal = AbortSignal.timeout(probeMs)
  const init = { signal, redirect: 'manual' } as const
  const response = await fetch(`http://${hostInUrl(host)}:${port}${plain.pathname}`, init).catch(
    () => undefined,
  )
  await response?.body?.cancel()
  return response !== undefined
}

/** @returns host and port that a URL leads to, for a socket */
export function connectionOf(url: string): Connection {
  const { hostname, port, protocol } = new URL(url)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return { host, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }
}

function settled(socket: ReturnType<typeof connect>, event: 'connect' | 'secureConnect'): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (result: boolean) => () => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(probeMs, end(false))
    socket.once(event, end(true))
    socket.on('error', end(false))
    socket.once('close', end(false))
  })
}
