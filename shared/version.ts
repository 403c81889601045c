import { existsSync, readFileSync } from 'node:fs'

/** The version of this package. @throws Error where its package.json is missing */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile(), 'utf8')) as { readonly version: string }
  return version
}

/** It stands over the sources, and one folder further up over what is built of them. */
function packageFile(): URL {
  const found = ['../package.json', '../../package.json']
    .map((path) => new URL(path, import.meta.url))
    .find((file) => existsSync(file))
  if (found === undefined) throw new Error('package.json is missing: threadtap is not completely installed')
  return found
}
