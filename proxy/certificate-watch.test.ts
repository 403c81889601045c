import { copyFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { type Certificate, readCertificate } from '../shared/config/certificate.ts'
import { selfSigned } from '../shared/testing/self-signed.ts'
import { until } from '../shared/testing/until.ts'
import { watchCertificate } from './certificate-watch.ts'

/** Watches from now on, although the files were read before `meanwhile`. */
function watched(meanwhile: (files: { readonly tlsCert: string; readonly tlsKey: string }) => void) {
  const { certFile: tlsCert, keyFile: tlsKey } = selfSigned('first')
  const config = { tlsCert, tlsKey }
  const served = readCertificate(config)
  meanwhile(config)
  const changes: Certificate[] = []
  const failures: unknown[] = []
  const [part] = watchCertificate(config, served, {
    onChange: (certificate) => void changes.push(certificate),
    onUnusable: (cause) => void failures.push(cause),
  })
  void part?.start?.()
  onTestFinished(() => void part?.stop?.(AbortSignal.abort()))
  return { config, changes, failures }
}

test('files that were changed between reading and watching them are noticed', async () => {
  const second = selfSigned('second')
  const { changes } = watched(({ tlsCert, tlsKey }) => {
    copyFileSync(second.certFile, tlsCert)
    copyFileSync(second.keyFile, tlsKey)
  })
  await until(() => changes.length > 0)
  expect(changes).toEqual([{ cert: second.cert, key: second.key }])
})

test('one file of two is told as unusable, and both as a change', async () => {
  const second = selfSigned('second')
  const { config, changes, failures } = watched(({ tlsCert }) => copyFileSync(second.certFile, tlsCert))
  await until(() => failures.length > 0)
  expect(changes).toEqual([])
  copyFileSync(second.keyFile, config.tlsKey)
  await until(() => changes.length > 0)
  expect(changes).toHaveLength(1)
})
