import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findRedisServer, installRedisServer } from './redis-binary.ts'
import { tempDir } from './temp-dir.ts'

const isRoot = process.getuid?.() === 0

test('a redis-server is found in the first folder of PATH that has one', () => {
  const [empty, full] = [tempDir(), tempDir()]
  executable(join(full, 'redis-server'), '')
  expect(findRedisServer(`${empty}::${full}`)).toBe(join(full, 'redis-server'))
  expect(findRedisServer(empty)).toBeUndefined()
})

test('when nothing can be installed, the error says what to do', () => {
  expect(() => installRedisServer(tempDir())).toThrow(
    'The tests need Redis: set TEST_REDIS_URL, or put redis-server into PATH (on Debian: apt-get install redis-server).',
  )
})

test.runIf(isRoot)('on Debian it is installed without starting its service', () => {
  const bin = tempDir()
  executable(
    join(bin, 'apt-get'),
    `echo "$RUNLEVEL $DEBIAN_FRONTEND $*" >> ${bin}/log
     test "$1" = update || { touch ${bin}/redis-server && chmod +x ${bin}/redis-server; }`,
  )
  expect(installRedisServer(bin)).toBe(join(bin, 'redis-server'))
  expect(readFileSync(join(bin, 'log'), 'utf8')).toBe(
    '1 noninteractive update\n1 noninteractive install -y --no-install-recommends redis-server\n',
  )
})

test.runIf(isRoot)('an installation that fails reports why', () => {
  const bin = tempDir()
  executable(join(bin, 'apt-get'), 'echo "E: no network" >&2; exit 100')
  expect(() => installRedisServer(bin)).toThrow(
    'apt-get update failed (E: no network); set TEST_REDIS_URL, or install redis-server.',
  )
})

function executable(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}
