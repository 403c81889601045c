/** Where APIs begin: vLLM and most others, OpenRouter and Open WebUI, Groq and Azure, and those without a version. */
const usualRoots = ['/v1', '/api/v1', '/openai/v1', '/api', '']

/**
 * Base URLs that may have been meant where one leads to no model API: without what is too much at its end, with what is
 * missing there, and those at which APIs mostly begin. The likeliest first.
 * @param url as it is set, with its user, password and query, which stay
 */
export function otherBases(url: string): readonly string[] {
  const path = new URL(url).pathname.replace(/\/$/, '')
  const shorter = [/\/[^/]+$/, /\/[^/]+\/[^/]+$/].map((end) => path.replace(end, ''))
  const paths = new Set([...shorter.filter((parent) => parent !== ''), `${path}/v1`, ...usualRoots])
  return [...paths].filter((other) => other !== path).map((other) => withPath(url, other))
}

/** A base URL at the root has to say so: see `upstreamUrl` of shared/config. */
function withPath(url: string, path: string): string {
  const changed = new URL(url)
  changed.pathname = path
  return path === '' ? changed.href.replace(/\/(?=\?|$)/, '/.') : changed.href
}
