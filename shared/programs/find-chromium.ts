import { spawnSync } from 'node:child_process'
import { programInPath } from './program-in-path.ts'

export type FoundChromium = { readonly program: string } | { /** One line. */ readonly why: string }

/** Debian's names first. */
const names = [
  'chromium',
  'chromium-headless-shell',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
]

/** The smallest of Debian's packages, and a font to measure text with. */
const packages = ['chromium-headless-shell', 'fonts-dejavu-core']

/** Where the network is slow or closed, tests must not wait for long. */
const installMs = 240_000

/** @returns a Chromium in PATH, else Debian's, installed where that is possible; never throws: its tests are skipped then */
export function findChromium(env: NodeJS.ProcessEnv): FoundChromium {
  const { TEST_CHROMIUM: configured, PATH: path = '' } = env
  if (configured) return { program: configured }
  const found = inPath(path)
  if (found !== undefined) return { program: found }
  const aptGet = programInPath('apt-get', path)
  if (aptGet === undefined || process.getuid?.() !== 0)
    return { why: 'no chromium in PATH; set TEST_CHROMIUM, or on Debian: apt-get install chromium' }
  const failure = install(aptGet, env)
  const installed = inPath(path)
  if (installed !== undefined) return { program: installed }
  return {
    why: `no chromium in PATH, and it cannot be installed: ${failure ?? 'the package has no such program'}`,
  }
}

const inPath = (path: string): string | undefined =>
  names.map((name) => programInPath(name, path)).find((program) => program !== undefined)

/** @returns why it failed, one line */
function install(aptGet: string, env: NodeJS.ProcessEnv): string | undefined {
  // Other test files may be about to do the same.
  const options = [
    '-o',
    'DPkg::Lock::Timeout=120',
    '-o',
    'Acquire::Retries=1',
    '-o',
    'Acquire::http::Timeout=20',
  ]
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    process.stderr.write(`a browser is needed to look at pages: apt-get ${args.join(' ')}\n`)
    const { status, stderr, error } = spawnSync(aptGet, [...options, ...args], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: installMs,
      encoding: 'utf8',
    })
    if (error !== undefined) return error.message
    // Lists that are only partly new may do.
    if (status !== 0 && args[0] === 'install')
      return stderr.trim().split('\n').at(-1) ?? `apt-get ended with ${status}`
  }
  return undefined
}
