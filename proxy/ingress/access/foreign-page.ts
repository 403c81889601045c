import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

export type PageRules = {
  /** HOST */
  readonly host: string
  /** ALLOWED_HOSTS: names, `.suffix` for every name that ends so, or `*`. */
  readonly allowedHosts: readonly string[]
  /** ALLOWED_ORIGINS: `https://app.example`, `https://*.app.example`, or `*`. */
  readonly allowedOrigins: readonly string[]
}

/**
 * Tells calls of applications from those of a page that somebody opened in a browser beside them. Browsers say what page
 * sends a request (Fetch §3.2 `Origin`, Fetch Metadata `Sec-Fetch-Site`); and a page that had its own name resolve to
 * this machine (DNS rebinding) still sends that name as `Host`.
 * @returns what gives it away, and the setting that would allow it; undefined for anything else
 */
export function foreignPage(headers: IncomingHttpHeaders, rules: PageRules): string | undefined {
  const { origin, host } = headers
  if (!isOurHost(host, rules)) {
    return `its Host header is "${host}"; where applications call threadtap by that name, add it to ALLOWED_HOSTS`
  }
  if (origin !== undefined) {
    if (isAllowedOrigin(origin, rules) || hostOf(origin) === host) return undefined
    return `it comes from a page of ${origin}; where that is yours, add it to ALLOWED_ORIGINS`
  }
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') {
    return `it comes from a page of another site; where that is yours, add its origin to ALLOWED_ORIGINS`
  }
  return undefined
}

/**
 * Names that nobody can have resolve to this machine from outside: addresses, names without a dot (of containers and
 * services), and suffixes that no public name has (RFC 6761, ICANN's `internal`, Kubernetes).
 */
const ownNames = /^[^.]*$|\.(?:localhost|internal|svc|svc\.cluster\.local)$/

function isOurHost(header: string | undefined, { host, allowedHosts }: PageRules): boolean {
  // HTTP/1.0 needs none, and no browser omits it.
  if (header === undefined || header === '') return true
  const name = nameOf(header)
  if (name === undefined) return false
  if (isIP(name) !== 0 || ownNames.test(name) || name === host.toLowerCase()) return true
  return allowedHosts.some((allowed) =>
    allowed.startsWith('.')
      ? name.endsWith(allowed)
      : allowed === '*' || name === allowed || header.toLowerCase() === allowed,
  )
}

/** @returns the name of `name:port`, in lower case, an IPv6 address without brackets */
function nameOf(header: string): string | undefined {
  if (!URL.canParse(`http://${header}`)) return undefined
  return new URL(`http://${header}`).hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

/** @returns whether ALLOWED_ORIGINS has the origin of a page */
export const isAllowedOrigin = (
  origin: string,
  { allowedOrigins }: Pick<PageRules, 'allowedOrigins'>,
): boolean =>
  allowedOrigins.some(
    (allowed) => allowed === '*' || allowed === origin || isBelow(origin, allowed.split('://*.')),
  )

/** @param below scheme and suffix of `https://*.app.example` */
const isBelow = (origin: string, [scheme, suffix]: readonly string[]): boolean =>
  suffix !== undefined && origin.startsWith(`${scheme}://`) && origin.endsWith(`.${suffix}`)

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined
