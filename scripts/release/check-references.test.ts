import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { checkReferences } from './check-references.ts'

test('a file that a module would look for in vain fails the build, and is named', () => {
  const folder = tempDir()
  writeFileSync(join(folder, 'chunk.js'), 'start(new URL("./usage/thr\\\nead.js",import.meta.url))')
  expect(() => checkReferences(folder)).toThrow(
    'the release lacks ./usage/thread.js, which chunk.js looks for',
  )
  mkdirSync(join(folder, 'usage'))
  writeFileSync(join(folder, 'usage/thread.js'), '')
  expect(() => checkReferences(folder)).not.toThrow()
})
