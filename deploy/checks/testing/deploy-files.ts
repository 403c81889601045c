import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const deployFolder = fileURLToPath(new URL('../../', import.meta.url))

export type TextFile = { readonly path: string; readonly text: string }

// This folder speaks of wrong names on purpose; generated dashboards may be long, and are checked where they are made.
const left = /^checks\/|\.test\.ts$|\/dashboards\/.*\.json$/

/** @returns everything that is shipped in deploy/, tests left out, and its guide; paths from deploy/ */
export function deployFiles(): readonly TextFile[] {
  const names = readdirSync(deployFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(deployFolder, join(entry.parentPath, entry.name)))
    .filter((name) => !left.test(name))
  return [...names, '../docs/kubernetes.md'].map((path) => ({
    path,
    text: readFileSync(join(deployFolder, path), 'utf8'),
  }))
}
