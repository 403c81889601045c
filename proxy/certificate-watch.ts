import { stat } from 'node:fs/promises'
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
 * @param served what the files held when they were read; a change since then is found too
 * @returns a part, where TLS is configured
 */
export function watchCertificate(
  config: Pick<Config, 'tlsCert' | 'tlsKey'>,
  served: Certificate | undefined,
  { onChange, onUnusable }: CertificateListener,
): readonly Part[] {
  const paths = [config.tlsCert, config.tlsKey].filter((path) => path !== undefined)
  if (paths.length < 2) return []
  let known = served
  let seen: string | undefined
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    const now = (await Promise.all(paths.map(stateOf))).join()
    if (now === seen) return
    seen = now
    try {
      const found = readCertificate(config)
      if (found === undefined || (found.cert === known?.cert && found.key === known.key)) return
      known = found
      onChange(found)
    } catch (cause) {
      onUnusable(cause)
    }
  }

  /** One after the other, however slow the disk is. */
  function lookAgain(): void {
    timer = setTimeout(() => void look().finally(() => timer && lookAgain()), intervalMs).unref()
  }

  return [
    {
      name: 'certificate watch',
      start: lookAgain,
      stop() {
        clearTimeout(timer)
        timer = undefined
      },
    },
  ]
}

/** Differs where a file was written or replaced; never rejects. */
const stateOf = (path: string): Promise<string> =>
  stat(path).then(
    ({ mtimeMs, ino, size }) => `${mtimeMs} ${ino} ${size}`,
    () => 'missing',
  )
