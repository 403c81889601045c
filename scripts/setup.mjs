// Makes a fresh clone ready: installs when the lockfile changed, builds when a source changed.
// Plain JavaScript without own imports, because it runs before anything is installed or built.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const sourceFolders = ['proxy', 'worker', 'shared', 'processes', 'cli', 'scripts', 'deploy', 'loadtest']
const sourceFiles = ['main.ts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']

/** Installs and builds what is missing or out of date; an up-to-date clone costs a few stats. */
export function setup() {
  const installed = changedAt('node_modules/.package-lock.json')
  if (installed < changedAt('package-lock.json')) {
    run(
      'npm',
      ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      'installing packages',
    )
  }
  if (changedAt('dist/.built') < newestSource()) {
    run(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
      'building',
    )
    run(process.execPath, ['dist/scripts/release.js'], 'bundling')
    run(process.execPath, ['-e', "require('node:fs').writeFileSync('dist/.built', '')"])
  }
}

function run(command, args, what) {
  if (what) process.stderr.write(`threadtap: ${what} ...\n`)
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) {
    process.stderr.write(`threadtap: ${what ?? command} failed${error ? `: ${error.message}` : ''}\n`)
    process.exit(1)
  }
}

function newestSource() {
  const folders = sourceFolders.filter((folder) => existsSync(join(root, folder)))
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  )
  return Math.max(...[...sourceFiles, ...inFolders].map(changedAt))
}

function changedAt(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup()
