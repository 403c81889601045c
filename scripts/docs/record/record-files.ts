import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// npm and vitest run in the package's folder; this module itself may be in dist/, where there are no types.
const folder = 'shared/record'

/** @returns the modules that declare the record, by name */
export function recordFiles(): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}
