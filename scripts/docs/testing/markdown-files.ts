import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const outside = new Set(['node_modules', 'dist'])

/** @returns every page of the project, by its path from the project's root */
export function markdownFiles(): ReadonlyMap<string, string> {
  return new Map([...pathsBelow('.')].sort().map((path) => [path, readFileSync(path, 'utf8')]))
}

function pathsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || outside.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return pathsBelow(path)
    return path.endsWith('.md') ? [path] : []
  })
}
