import { X509Certificate } from 'node:crypto'
import { readCertificate } from '../../shared/config/certificate.ts'
import type { Config } from '../../shared/config/load.ts'
import type { Check } from './check.ts'
import { type Finding, notOk, notUsed, ok } from './reach/finding.ts'

/** Whether the files of TLS_CERT and TLS_KEY can be used, for whom, and until when. */
export function certificateCheck(config: Pick<Config, 'tlsCert' | 'tlsKey'>, now: number): Check {
  return {
    name: 'TLS',
    run: async () => findingOf(config, now),
  }
}

function findingOf(config: Pick<Config, 'tlsCert' | 'tlsKey'>, now: number): Finding {
  const remedy =
    'TLS_CERT=<PEM file of a certificate> TLS_KEY=<PEM file of its key>, made as docs/tls.md shows'
  try {
    const certificate = readCertificate(config)
    if (certificate === undefined) return notUsed('the data port speaks plain HTTP: TLS_CERT is not set')
    const { subjectAltName = 'nobody', validTo } = new X509Certificate(certificate.cert)
    const about = `the certificate is for ${subjectAltName}, until ${new Date(validTo).toISOString()}`
    return Date.parse(validTo) < now ? notOk(`${about}: it has ended`, remedy) : ok(about)
  } catch (cause) {
    return notOk(cause instanceof Error ? cause.message : String(cause), remedy)
  }
}
