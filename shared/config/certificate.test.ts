import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { selfSigned } from '../testing/self-signed.ts'
import { tempDir } from '../testing/temp-dir.ts'
import { checkCertificate } from './certificate.ts'
import { InvalidSettings, loadConfig } from './load.ts'

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env, checkCertificate)
    return []
  } catch (cause) {
    if (cause instanceof InvalidSettings) return cause.problems
    throw cause
  }
}

function file(text: string): string {
  const path = join(tempDir(), 'file.pem')
  writeFileSync(path, text)
  return path
}

test('a certificate and its key are taken', () => {
  const { certFile, keyFile } = selfSigned()
  expect(problemsOf({ TLS_CERT: certFile, TLS_KEY: keyFile })).toEqual([])
})

test('one without the other is refused', () => {
  expect(problemsOf({ TLS_CERT: '/a.pem' })).toEqual(['TLS_KEY must be set where TLS_CERT is'])
  expect(problemsOf({ TLS_KEY: '/a.pem' })).toEqual(['TLS_CERT must be set where TLS_KEY is'])
})

test('what cannot be used is refused with one sentence that names the setting and the file', () => {
  const { certFile, keyFile, cert } = selfSigned()
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const encrypted = file(
    String(privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })),
  )
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['/nowhere/a.pem', keyFile, /^TLS_CERT names a file that cannot be read: \/nowhere\/a\.pem$/],
    [certFile, tempDir(), /^TLS_KEY names a file that cannot be read: /],
    [keyFile, certFile, /^TLS_CERT must name a PEM file that begins with a certificate, unlike /],
    [file('hello'), keyFile, /^TLS_CERT must name a PEM file that begins with a certificate, unlike /],
    [file(''), keyFile, /^TLS_CERT must name a PEM file that begins with a certificate, unlike /],
    [certFile, file(cert), /^TLS_KEY must name a PEM file with a private key, unlike /],
    [certFile, encrypted, /^TLS_KEY must name a private key without passphrase, unlike /],
    [
      certFile,
      selfSigned().keyFile,
      /^TLS_CERT and TLS_KEY do not work together \(the key is of another certificate\): /,
    ],
  ]
  for (const [TLS_CERT, TLS_KEY, expected] of cases) {
    const [problem, ...others] = problemsOf({ TLS_CERT, TLS_KEY })
    expect([problem, others]).toEqual([expect.stringMatching(expected), []])
  }
})

test('it is reported together with every other wrong setting', () => {
  const { certFile } = selfSigned()
  expect(problemsOf({ PORT: 'x', TLS_CERT: certFile, TLS_KEY: '/nowhere' })).toHaveLength(2)
})
