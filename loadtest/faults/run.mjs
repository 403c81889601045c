// Runs the scenarios from their TypeScript sources, through Vite: they need test fakes, which the build excludes to
// keep them out of the product's image.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const file = fileURLToPath(new URL('./testing/main.ts', import.meta.url))
const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' })
try {
  process.exit((await module.main(process.argv.slice(2))) ? 0 : 1)
} catch (cause) {
  process.stderr.write(`${cause instanceof Error ? cause.message : cause}\n`)
  process.exit(1)
}
