// Runs the load test from its sources. It needs the fakes of the tests, which the build leaves out so that
// they are not in the product's image: Vite, which the tests run on, reads them as they stand.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const file = fileURLToPath(new URL('./testing/main.ts', import.meta.url))
const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' })
try {
  process.exitCode = (await module.main(process.argv.slice(2))) ? 0 : 1
} catch (cause) {
  process.stderr.write(`${cause instanceof Error ? cause.message : cause}\n`)
  // Not only the code: what had been opened before it failed must not keep the process.
  process.exit(1)
}
