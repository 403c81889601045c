/** Wildcard addresses, and the loopback address that a client connects to instead. */
const loopbackOf: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' }

/** @returns the host as a URL has it: an IPv6 address in brackets */
export const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** @returns whether a server with this URL listens on all addresses of the machine */
export const isOnEveryAddress = (url: string): boolean => new URL(url).hostname in loopbackOf

/** @returns the same URL with an address that can be called from this machine */
export function callableUrl(url: string): string {
  const { hostname } = new URL(url)
  return url.replace(`//${hostname}`, `//${loopbackOf[hostname] ?? hostname}`)
}
