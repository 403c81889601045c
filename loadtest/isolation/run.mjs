// Runs the load test from its TypeScript sources, through Vite: it needs test fakes, which the build excludes to
// keep them out of the product's image.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const file = fileURLToPath(new URL('./testing/main.ts', import.meta.url))
const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' })
try {
  process.exitCode = (await module.main(process.argv.slice(2))) ? 0 : 1
} catch (cause) {
  process.stderr.write(`${cause instanceof Error ? cause.message : cause}\n`)
  // exit, not exitCode: handles opened before the failure must not keep the process alive.
  process.exit(1)
}
