import { codeOf, reasonOf } from '../../../shared/error-cause.ts'
import { DeadlineExceeded } from '../../../shared/timing/deadline.ts'
import { type Address, type Finding, notOk } from './finding.ts'
import { connectionOf, speaksPlainHttp, speaksTls, takesConnections } from './probe.ts'

/**
 * Why nothing came back from an address: in words, and with what to type.
 * @param cause what the request failed with
 * @param timeoutMs how long an answer was waited for
 */
export async function explainFailure(address: Address, cause: unknown, timeoutMs: number): Promise<Finding> {
  if (cause instanceof DeadlineExceeded) return explainSilence(address, timeoutMs)
  const known = explainCode(address, codeOf(cause) ?? '')
  return known ?? (await explainProtocol(address)) ?? unexplained(address, cause)
}

/** A slow server takes connections; a wrong address does not. */
async function explainSilence({ url, assign }: Address, timeoutMs: number): Promise<Finding> {
  const { host, port } = connectionOf(url)
  const isSlow = await takesConnections(url)
  return isSlow
    ? notOk(
        `${host}:${port} takes connections, but gave no answer within ${timeoutMs / 1000} s: the address is right, the server slow or busy`,
        `time curl -sS -o /dev/null ${url}`,
      )
    : notOk(
        `no connection to ${host}:${port} within ${timeoutMs / 1000} s: a wrong address, or a firewall`,
        assign('<the right address>'),
      )
}

function explainCode({ url, assign }: Address, code: string): Finding | undefined {
  const { host, port } = connectionOf(url)
  const elsewhere = assign('<the right address>')
  if (code === 'ENOTFOUND') return notOk(`there is no host called ${host}`, elsewhere)
  if (code === 'EAI_AGAIN') {
    return notOk(`the name ${host} cannot be looked up: no DNS server answers`, `getent hosts ${host}`)
  }
  if (code === 'ECONNREFUSED') {
    return notOk(`nothing listens on ${host}:${port} (ECONNREFUSED)`, `start it, or ${elsewhere}`)
  }
  if (/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/.test(code)) {
    return notOk(`no way leads to ${host}:${port} (${code}): a wrong address, or a firewall`, elsewhere)
  }
  if (isCertificateProblem(code)) {
    return notOk(
      `the certificate of ${host} is not trusted here (${code})`,
      `NODE_EXTRA_CA_CERTS=<file of your certificate authority>, or the name that the certificate is for: ${elsewhere}`,
    )
  }
  return undefined
}

/** Of OpenSSL and of Node's check of the host name. */
const isCertificateProblem = (code: string): boolean =>
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(code)

/** One side speaks TLS and the other does not. The errors of this are many; the other protocol is simply tried. */
async function explainProtocol({ url, assign }: Address): Promise<Finding | undefined> {
  const { host, port } = connectionOf(url)
  if (url.startsWith('https:')) {
    if (!(await speaksPlainHttp(url))) return undefined
    return notOk(
      `${host}:${port} speaks plain HTTP, and is asked for HTTPS`,
      assign(withScheme(url, 'http', port)),
    )
  }
  return (await speaksTls(url)) ? speaksHttps({ url, assign }) : undefined
}

/** The port stays, also where it is the default of the other scheme. */
function withScheme(url: string, scheme: string, port: number): string {
  const isDefault = new URL(url).port === ''
  const rest = url.replace(/^https?:\/\//, '')
  return isDefault ? `${scheme}://${rest.replace(/^([^/]+)/, `$1:${port}`)}` : `${scheme}://${rest}`
}

function unexplained({ url, assign }: Address, cause: unknown): Finding {
  const { host, port } = connectionOf(url)
  // What a library says of another protocol than the one it expected is no help to anybody: OpenSSL, llhttp.
  const isOtherProtocol = /SSL routines|wrong version number|HTTP\/1\.1 protocol|Parse Error/i.test(
    reasonOf(cause),
  )
  const spoken = url.startsWith('https:') ? 'neither HTTPS nor HTTP' : 'no HTTP'
  return notOk(
    isOtherProtocol
      ? `what listens on ${host}:${port} speaks ${spoken}: it is another kind of server`
      : `${host}:${port} gives no answer in HTTP: ${reasonOf(cause)}`,
    assign('<the right address>'),
  )
}

/** A TLS port that answers plain HTTP after all, to say that it should not have been asked so: nginx, Go. */
export function refusesPlainHttp(
  url: string,
  answer: { readonly status: number; readonly body: string },
): boolean {
  return url.startsWith('http:') && answer.status === 400 && /HTTPS (port|server)/i.test(answer.body)
}

export const speaksHttps = ({ url, assign }: Address): Finding => {
  const { host, port } = connectionOf(url)
  return notOk(
    `${host}:${port} speaks HTTPS, and is asked for plain HTTP`,
    assign(withScheme(url, 'https', port)),
  )
}
