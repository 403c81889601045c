import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * What Node loads of a bundle before a module of it runs: all that it imports statically, whatever is in between.
 * @returns the names of packages and of our own rooms, by the source maps
 */
export function loadedWith(module: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [module]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const imports = readFileSync(next, 'utf8').matchAll(/(?:from|import)\s*"(\.{1,2}\/[^"]+\.js)"/g)
    for (const [, path = ''] of imports) open.push(join(dirname(next), path))
  }
  return new Set([...seen].flatMap(sourcesOf).map(originOf))
}

const sourcesOf = (module: string): readonly string[] =>
  (JSON.parse(readFileSync(`${module}.map`, 'utf8')) as { readonly sources: readonly string[] }).sources

const originOf = (source: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? source.replaceAll('../', '').split('/')[0] ?? ''
