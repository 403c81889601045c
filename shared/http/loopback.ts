import { isIP } from 'node:net'

/** @returns whether an address is loopback; false for every name but `localhost` */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1'
}

/** @param header a Host header: `localhost:4011`, `[::1]:4011`, ... */
export function namesLoopback(header: string | undefined): boolean {
  if (header === undefined || !URL.canParse(`http://${header}`)) return false
  return isLoopback(new URL(`http://${header}`).hostname.replace(/^\[(.*)\]$/, '$1'))
}
