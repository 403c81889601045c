/** The field in which a page in a browser sends its key with a WebSocket: it can set no other (OpenAI's Realtime API). */
export const subprotocolField = 'sec-websocket-protocol'

const keyProtocol = 'openai-insecure-api-key.'

/** @returns the key among the protocols that a handshake offers */
export function subprotocolKey(offered: string | undefined): string | undefined {
  return offered === undefined ? undefined : protocolsOf(offered).find(isKey)?.slice(keyProtocol.length)
}

/** @returns the protocols without the key; undefined where none is left */
export function withoutSubprotocolKey(offered: string): string | undefined {
  const left = protocolsOf(offered).filter((protocol) => !isKey(protocol))
  return left.length === 0 ? undefined : left.join(', ')
}

const protocolsOf = (offered: string): readonly string[] => offered.split(',').map((one) => one.trim())

const isKey = (protocol: string): boolean => protocol.startsWith(keyProtocol)
