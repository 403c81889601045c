import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { withCommonJs } from './common-js.ts'
import { leaner } from './leaner-packages.ts'

/**
 * What is started by its file: the program and its threads. Each lies where the code that starts it looks for it, seen
 * from the release's own folder: there all other chunks are.
 */
const entryPoints = {
  main: 'main.ts',
  thread: 'processes/recording/thread.ts',
  'usage/thread': 'worker/usage/thread.ts',
}

/**
 * Bundles the program with all of its packages. What is imported dynamically becomes a chunk of its own, which is
 * loaded when it is needed.
 * @param root the project's folder
 */
export async function bundle(root: string, outdir: string): Promise<Metafile> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // package.json, engines
    target: 'node20.18',
    mainFields: ['module', 'main'],
    // msgpackr's optional binary, which only speeds up what is not used here.
    external: ['msgpackr-extract'],
    plugins: [leaner],
    // V8 keeps the text of what it has loaded. Names stay, for stack traces; lines stay short, because Node prints the
    // one where an error was thrown.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 160,
    sourcemap: true,
    sourcesContent: false,
    // scripts/release/notices.ts collects them.
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
  for (const { path, text } of withCommonJs(outputFiles)) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return metafile
}
