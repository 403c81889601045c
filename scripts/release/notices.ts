import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

type Manifest = { readonly name: string; readonly version: string; readonly license?: string }

/**
 * The licences of the packages that became part of a bundle, with all notices that these ask to be kept.
 * @throws Error naming a package that says nothing of its licence
 */
export function notices(root: string, { outputs }: Metafile): string {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? packageOf(path) : [])),
  )
  const folders = [...new Set(used)].sort()
  return `threadtap contains the following packages.\n${folders.map((folder) => notice(join(root, folder))).join('')}`
}

/** @returns the folder of the package that a file belongs to; none for our own files */
function packageOf(path: string): string[] {
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []
  return folder === undefined ? [] : [folder]
}

function notice(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const { name, version, license } = manifest
  const texts = licenceFiles(folder).map((file) => readFileSync(file, 'utf8').trim())
  if (license === undefined && texts.length === 0) throw new Error(`${name} says nothing of its licence`)
  return `\n${'-'.repeat(80)}\n${[`${name} ${version}: ${license ?? 'see below'}`, ...texts].join('\n\n')}\n`
}

/** Those of code inside of the package too: classic-level contains LevelDB and Snappy. */
const licenceFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(?:deps\/.*)?(?:licen[cs]e|copying|notice)(?:\.(?:md|txt))?$/i.test(path))
    .sort()
    .map((path) => join(folder, path))
