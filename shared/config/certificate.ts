import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Config, ConfigCheck } from './load.ts'

/** A certificate with those that vouch for it, and its private key; PEM. */
export type Certificate = { readonly cert: string; readonly key: string }

type Paths = Pick<Config, 'tlsCert' | 'tlsKey'>

/**
 * @returns undefined where no TLS is configured
 * @throws Error with a sentence that names the setting, where a file cannot be read or does not fit the other
 */
export function readCertificate({ tlsCert, tlsKey }: Paths): Certificate | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined
  const certificate = { cert: readText('TLS_CERT', tlsCert), key: readText('TLS_KEY', tlsKey) }
  if (!isCertificate(certificate.cert)) {
    throw new Error(`TLS_CERT must name a PEM file that begins with a certificate, unlike ${tlsCert}`)
  }
  if (!/-----BEGIN (?:\w+ )*PRIVATE KEY-----/.test(certificate.key)) {
    throw new Error(`TLS_KEY must name a PEM file with a private key, unlike ${tlsKey}`)
  }
  if (/-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(certificate.key)) {
    throw new Error(`TLS_KEY must name a private key without passphrase, unlike ${tlsKey}`)
  }
  try {
    createSecureContext(certificate)
  } catch (cause) {
    const isOtherKey = cause instanceof Error && /mismatch/i.test(cause.message)
    const why = isOtherKey
      ? 'the key is of another certificate'
      : String(cause instanceof Error && cause.message)
    throw new Error(`TLS_CERT and TLS_KEY do not work together (${why}): ${tlsCert}, ${tlsKey}`, { cause })
  }
  return certificate
}

/** For the processes that have a data port. */
export const checkCertificate: ConfigCheck = (values) => {
  try {
    readCertificate(values)
    return []
  } catch (cause) {
    return [cause instanceof Error ? cause.message : String(cause)]
  }
}

function readText(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`${variable} names a file that cannot be read: ${path}`, { cause })
  }
}

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text)
    return true
  } catch {
    return false
  }
}
