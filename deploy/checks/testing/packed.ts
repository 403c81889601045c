import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What `npm publish` would send, installed in an empty folder. */
export type Packed = {
  /** The path of the tarball. */
  readonly tarball: string
  /** The paths in it, from the package's folder. */
  readonly files: readonly string[]
  /** Where it was installed. */
  readonly project: string
  /** The main module, as installed. */
  readonly main: string
}

const root = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Packs the package as it was built before the tests, whose processes run from there meanwhile, and installs it below `folder`:
 * without a registry, without scripts.
 */
export function packAndInstall(folder: string): Packed {
  const destination = `--pack-destination=${folder}`
  const printed = npm(folder, root, 'pack', '--ignore-scripts', '--json', '--loglevel=error', destination)
  const [{ filename, files }] = JSON.parse(printed.slice(printed.indexOf('[\n'))) as [PackResult]
  const tarball = join(folder, filename)
  const project = join(folder, 'project')
  mkdirSync(project)
  npm(folder, project, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball)
  return {
    tarball,
    files: files.map(({ path }) => path),
    project,
    main: join(project, 'node_modules/threadtap/release/main.js'),
  }
}

/** @returns what `npx threadtap <args>` prints in an empty folder, the tarball standing for the registry */
export function npx(folder: string, { tarball }: Packed, ...args: readonly string[]): string {
  const empty = join(folder, 'empty')
  mkdirSync(empty, { recursive: true })
  const printed = npm(
    folder,
    empty,
    'exec',
    '--yes',
    '--offline',
    '--ignore-scripts',
    `--package=${tarball}`,
    '--',
    'threadtap',
    ...args,
  )
  if (readdirSync(empty).length > 0) throw new Error('npx left something behind')
  return printed
}

type PackResult = { readonly filename: string; readonly files: readonly { readonly path: string }[] }

/** A cache of its own: nothing that this machine has ever installed can stand in for the registry. */
function npm(folder: string, cwd: string, ...args: readonly string[]): string {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_/i.test(name))
  const env = { ...Object.fromEntries(inherited), npm_config_cache: join(folder, 'cache') }
  return execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
