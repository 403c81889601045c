// Makes a fresh clone ready: installs when the lockfile changed, builds when a source changed.
// Plain JavaScript without own imports, because it runs before anything is installed or built.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const sourceFolders = ['proxy', 'worker', 'shared', 'processes', 'cli', 'scripts', 'deploy', 'loadtest']
const sourceFiles = ['main.ts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']

/** Installs and builds what is missing or out of date; an up-to-date clone costs a few stats. */
export async function setup() {
  const installed = changedAt('node_modules/.package-lock.json')
  if (installed < changedAt('package-lock.json')) {
    await run(
      'npm',
      ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      'installing packages',
    )
  }
  // `npm start` runs what was bundled last.
  if (Math.min(changedAt('dist/.built'), changedAt('release/main.js')) < newestSource()) {
    await run(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
      'building',
    )
    await run(process.execPath, ['dist/scripts/release.js'], 'bundling')
    writeFileSync(join(root, 'dist/.built'), '')
  }
}

/** Says what it does and, while that takes long, for how long it has: on one line of a terminal, else now and then. */
async function run(command, args, what) {
  const startedAt = Date.now()
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  const stopProgress = showProgress(what, startedAt)
  const failure = await new Promise((resolve) => {
    child.once('error', (error) => resolve(`: ${error.message}`))
    child.once('close', (code) => resolve(code === 0 ? undefined : ''))
  })
  stopProgress()
  if (failure === undefined) return
  process.stderr.write(`threadtap: ${what} failed${failure}\n`)
  process.exit(1)
}

function showProgress(what, startedAt) {
  const { isTTY } = process.stderr
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`
  process.stderr.write(`threadtap: ${what} ...${isTTY ? '' : '\n'}`)
  const line = isTTY
    ? () => `\rthreadtap: ${what} ... ${seconds()}`
    : () => `threadtap: ${what}, since ${seconds()} ...\n`
  const timer = setInterval(() => process.stderr.write(line()), isTTY ? 1_000 : 10_000)
  return () => {
    clearInterval(timer)
    process.stderr.write(`${isTTY ? '\r' : ''}threadtap: ${what} took ${seconds()}\n`)
  }
}

function newestSource() {
  const folders = sourceFolders.filter((folder) => existsSync(join(root, folder)))
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /\.tsx?$|[\\/]assets[\\/]/.test(name))
      .map((name) => join(folder, name)),
  )
  return Math.max(...[...sourceFiles, ...inFolders].map(changedAt))
}

function changedAt(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setup()
