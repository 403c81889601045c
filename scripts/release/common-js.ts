/** The text of a module with its source map, by its path. */
export type BundledFile = { readonly path: string; readonly text: string }

/**
 * Packages of CommonJS find in an ES module what Node gives them elsewhere; classic-level looks for its binaries beside
 * itself. One line.
 */
const surroundings =
  "import{createRequire as createRequireOfNode}from'node:module';const require=createRequireOfNode(import.meta.url)," +
  '__dirname=import.meta.dirname,__filename=import.meta.filename;\n'

/**
 * Gives modules what CommonJS has, where they name it: everywhere it would cost each of them a `require` of its own, and
 * Node the way to its folder.
 */
export function withCommonJs(files: readonly BundledFile[]): readonly BundledFile[] {
  const inNeed = new Set(files.filter(isInNeed).map(({ path }) => path))
  return files.map(({ path, text }) => {
    if (inNeed.has(path)) return { path, text: text.replace(/^(#!.*\n)?/, `$1${surroundings}`) }
    return { path, text: inNeed.has(path.replace(/\.map$/, '')) ? oneLineLower(text) : text }
  })
}

const isInNeed = ({ path, text }: BundledFile): boolean =>
  path.endsWith('.js') && /\brequire\b|__dirname|__filename/.test(text)

/** A semicolon ends the mappings of one line (Source Map Revision 3). */
function oneLineLower(map: string): string {
  const { mappings, ...rest } = JSON.parse(map) as { readonly mappings: string }
  return JSON.stringify({ ...rest, mappings: `;${mappings}` })
}
