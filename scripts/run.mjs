// `node scripts/run.mjs <module below dist> [arguments]`: prepares the clone, then runs that module in the same
// process, so that Ctrl-C and SIGTERM reach it directly; SIGTERM to npm, too.
import { endWithParent } from './end-with-parent.mjs'
import { setup } from './setup.mjs'

// Set by npm, pnpm and yarn alike.
if (process.env.npm_lifecycle_event !== undefined) endWithParent()
await setup()
const [module, ...args] = process.argv.slice(2)
const target = new URL(`../dist/${module}`, import.meta.url)
process.argv = [process.argv[0], target.pathname, ...args]
await import(target.href)
