// Makes `release/`, which is what is published and what images hold: `npm run build`.
import { chmodSync, cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './release/bundle.ts'
import { checkReferences } from './release/check-references.ts'
import { notices } from './release/notices.ts'

// npm runs scripts in the package's folder; this module itself is in dist/.
const root = process.cwd()
const release = join(root, 'release')

// Made beside it and put in its place at once, because a process may be running from there. In a folder of the same depth:
// source maps name sources relative to where they are.
const made = mkdtempSync(join(root, '.release-'))
try {
  const metafile = await bundle(root, made)
  cpSync(join(root, 'node_modules/classic-level/prebuilds'), join(made, 'prebuilds'), { recursive: true })
  for (const folder of [made, join(root, 'dist/shared/console')]) {
    cpSync(join(root, 'shared/console/assets'), join(folder, 'assets'), { recursive: true })
  }
  writeFileSync(join(made, 'THIRD_PARTY_LICENSES.txt'), notices(root, metafile))
  checkReferences(made)
  // mkdtemp makes it for this user alone.
  chmodSync(made, 0o755)
  rmSync(release, { recursive: true, force: true })
  renameSync(made, release)
} finally {
  rmSync(made, { recursive: true, force: true })
}
