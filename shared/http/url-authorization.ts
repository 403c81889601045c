import { percentDecoded } from './percent-decoded.ts'

/** @returns `Authorization` for the user and password of a URL, which has them percent-encoded (RFC 7617) */
export function urlAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined
  const pair = `${percentDecoded(username)}:${percentDecoded(password)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}
