// `npm run docs` writes what is generated of the documentation; `npm run docs -- --check` only reports what is out of date.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pages } from './docs/pages.ts'

// npm runs scripts in the package's folder; this module itself is in dist/.
const root = process.cwd()

const isChecking = process.argv.includes('--check')

for (const [path, generate] of Object.entries(pages)) {
  const text = await readFile(join(root, path), 'utf8').catch(() => '')
  const generated = generate(text)
  if (generated === text) continue
  if (isChecking) {
    process.stderr.write(`${path} is out of date: npm run docs\n`)
    process.exitCode = 1
  } else await writeFile(join(root, path), generated)
}
