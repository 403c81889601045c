import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** One import of one of our files by another; paths from the project's root. */
export type Import = { readonly from: string; readonly to: string }

const outside = new Set(['node_modules', 'dist', 'docs'])

/** @returns the TypeScript files of the project below `root`, generated ones left out */
export function sourceFiles(root = '.'): readonly string[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || outside.has(join(root, entry.name))) return []
    const path = join(root, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return /\.tsx?$/.test(path) ? [path] : []
  })
}

/** True for tests and for what is made for them. */
export const isTestCode = (file: string): boolean =>
  /\.test\.tsx?$/.test(file) || /(^|\/)testing\//.test(file)

/** @returns what the file imports of ours, `import()` included */
export function importsOf(file: string): readonly Import[] {
  const matches = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)
  return [...matches].map(([, target = '']) => ({ from: file, to: normalize(join(dirname(file), target)) }))
}

export const folderOf = (file: string): string => dirname(file)
