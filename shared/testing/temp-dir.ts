import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** @returns a new folder, removed when the test has finished */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'threadtap-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
