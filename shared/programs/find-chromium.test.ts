import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../testing/temp-dir.ts'
import { findChromium } from './find-chromium.ts'

const isRoot = process.getuid?.() === 0

function executable(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

test('the browser of TEST_CHROMIUM is taken, else one in PATH', () => {
  const folder = tempDir()
  executable(join(folder, 'chromium-headless-shell'), '')
  expect(findChromium({ PATH: folder })).toEqual({ program: join(folder, 'chromium-headless-shell') })
  expect(findChromium({ PATH: folder, TEST_CHROMIUM: '/opt/chrome' })).toEqual({ program: '/opt/chrome' })
})

test('where there is none and nothing can be installed, it says why and what to do', () => {
  expect(findChromium({ PATH: tempDir() })).toEqual({
    why: expect.stringMatching(/^no chromium in PATH; set TEST_CHROMIUM/),
  })
})

test.runIf(isRoot)("Debian's is installed where that is possible", () => {
  const bin = tempDir()
  const made = join(bin, 'chromium-headless-shell')
  executable(
    join(bin, 'apt-get'),
    `echo "$*" >> ${bin}/log; case "$*" in *install*) : > ${made}; /bin/chmod +x ${made};; esac`,
  )
  expect(findChromium({ PATH: bin })).toEqual({ program: made })
  expect(readFileSync(join(bin, 'log'), 'utf8')).toMatch(
    /update\n.*install -y --no-install-recommends chromium-headless-shell/,
  )
})

test.runIf(isRoot)('an installation that fails is a reason, and no error', () => {
  const bin = tempDir()
  executable(join(bin, 'apt-get'), 'echo "E: Unable to locate package" >&2; exit 100')
  expect(findChromium({ PATH: bin })).toEqual({
    why: 'no chromium in PATH, and it cannot be installed: E: Unable to locate package',
  })
})
