// Makes `release/`, which is what is published and what images hold: `npm run build`.
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './release/bundle.ts'
import { checkReferences } from './release/check-references.ts'
import { notices } from './release/notices.ts'

// npm runs scripts in the package's folder; this module itself is in dist/.
const root = process.cwd()
const release = join(root, 'release')

rmSync(release, { recursive: true, force: true })
const metafile = await bundle(root, release)
cpSync(join(root, 'node_modules/classic-level/prebuilds'), join(release, 'prebuilds'), { recursive: true })
writeFileSync(join(release, 'THIRD_PARTY_LICENSES.txt'), notices(root, metafile))
checkReferences(release)
