// What the image's HEALTHCHECK runs: the image has no shell and no curl. Whether the process can do its work is what
// /readyz answers; that is never about Redis, a sink or an upstream.
const host = process.env.ADMIN_HOST || '127.0.0.1'
const port = process.env.ADMIN_PORT || '4011'
// Listening everywhere is not an address to ask.
const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
const authority = reachable.includes(':') ? `[${reachable}]:${port}` : `${reachable}:${port}`

const healthy = await fetch(`http://${authority}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
  (response) => response.ok,
  () => false,
)
process.exitCode = healthy ? 0 : 1

export {}
