import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A real Prometheus, and the tool that checks its rules. */
export type PrometheusPrograms = { readonly prometheus: string; readonly promtool: string }

const cache = fileURLToPath(new URL('../../../.checkers/', import.meta.url))
const unpacked = join(cache, 'prometheus')

const found = find()

/** Absent where they cannot be had; see prometheusMissing. */
export const programs: PrometheusPrograms | undefined = 'programs' in found ? found.programs : undefined

/** Stands in the name of a skipped test, so that nobody takes its silence for success. */
export const prometheusMissing: string | undefined =
  'programs' in found
    ? undefined
    : `SKIPPED: no prometheus and promtool in PATH, and Debian's cannot be had: ${found.why}`

if (prometheusMissing !== undefined) process.stderr.write(`deploy/checks: ${prometheusMissing}\n`)

type Found = { readonly programs: PrometheusPrograms } | { readonly why: string }

/** From PATH, else Debian's package, unpacked beside the other checkers: nothing is installed or started on the machine. */
function find(): Found {
  const there = lookFor()
  if (there !== undefined) return { programs: there }
  const why = unpackDebianPackage()
  if (why !== undefined) return { why }
  const unpackedNow = lookFor()
  return unpackedNow === undefined ? { why: 'the package lacks one of them' } : { programs: unpackedNow }
}

function lookFor(): PrometheusPrograms | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return [...folders, join(unpacked, 'usr/bin')]
    .map((folder) => ({ prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') }))
    .find((programs) => Object.values(programs).every((file) => existsSync(file)))
}

/** @returns why it could not be done */
function unpackDebianPackage(): string | undefined {
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'unfinished-'))
  try {
    process.stderr.write('deploy/checks: downloading Debian’s prometheus ...\n')
    const download = () => run('apt-get', ['download', 'prometheus'], folder)
    let failure = download()
    // Without lists of packages apt finds nothing; only root may fetch them.
    if (failure !== undefined && process.getuid?.() === 0) {
      failure = run('apt-get', ['update'], folder) ?? download()
    }
    const [archive] = readdirSync(folder)
    if (failure !== undefined || archive === undefined) return failure ?? 'apt-get downloaded nothing'
    const notUnpacked = run('dpkg-deb', ['--extract', archive, 'content'], folder)
    if (notUnpacked !== undefined) return notUnpacked
    // Another test file may have been faster.
    if (!existsSync(unpacked)) renameSync(join(folder, 'content'), unpacked)
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns why it failed */
function run(program: string, args: readonly string[], cwd: string): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (error !== undefined) return error.message
  return status === 0 ? undefined : (stderr.trim().split('\n').at(-1) ?? `${program} failed`)
}
