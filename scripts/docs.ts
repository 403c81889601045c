// `npm run docs` writes the generated pages of docs/; `npm run docs -- --check` only reports which are out of date.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pages } from './docs/pages.ts'

// npm runs scripts in the package's folder; this module itself is in dist/.
const folder = join(process.cwd(), 'docs')

async function isUpToDate(name: string, text: string): Promise<boolean> {
  return (await readFile(join(folder, name), 'utf8').catch(() => undefined)) === text
}

async function check(): Promise<void> {
  for (const [name, text] of Object.entries(pages)) {
    if (await isUpToDate(name, text)) continue
    process.stderr.write(`docs/${name} is out of date: npm run docs\n`)
    process.exitCode = 1
  }
}

async function write(): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(pages)) await writeFile(join(folder, name), text)
}

await (process.argv.includes('--check') ? check() : write())
