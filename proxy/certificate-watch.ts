import { type StatsListener, unwatchFile, watchFile } from 'node:fs'
import { type Certificate, readCertificate } from '../shared/config/certificate.ts'
import type { Config } from '../shared/config/load.ts'
import type { Part } from '../shared/lifecycle.ts'

export type CertificateListener = {
  readonly onChange: (certificate: Certificate) => void
  /** What the files hold now does not work: one of the two may have been written already. */
  readonly onUnusable: (cause: unknown) => void
}

/** Costs two system calls in libuv's threads. */
const intervalMs = 1_000

/**
 * Watches TLS_CERT and TLS_KEY. By looking, because Kubernetes changes mounted secrets by swapping a link above them,
 * which `fs.watch` does not see.
 * @returns a part, where TLS is configured
 */
export function watchCertificate(
  config: Pick<Config, 'tlsCert' | 'tlsKey'>,
  { onChange, onUnusable }: CertificateListener,
): readonly Part[] {
  const paths = [config.tlsCert, config.tlsKey].filter((path) => path !== undefined)
  if (paths.length < 2) return []
  const onStat: StatsListener = (now, before) => {
    if (now.mtimeMs === before.mtimeMs && now.ino === before.ino && now.size === before.size) return
    try {
      const certificate = readCertificate(config)
      if (certificate !== undefined) onChange(certificate)
    } catch (cause) {
      onUnusable(cause)
    }
  }
  return [
    {
      name: 'certificate watch',
      start() {
        for (const path of paths) watchFile(path, { interval: intervalMs, persistent: false }, onStat)
      },
      stop() {
        for (const path of paths) unwatchFile(path, onStat)
      },
    },
  ]
}
