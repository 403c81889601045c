import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A threadtap command in a process of its own. */
export type Spawned = {
  readonly child: ChildProcess
  /** Standard output so far. */
  readonly stdout: () => string
  /** Standard error so far: the log, and why the process failed. */
  readonly stderr: () => string
  /** Resolves with the exit code, or null where a signal ended it. */
  readonly exited: Promise<number | null>
  /** Resolves with the first match in its output; rejects when it exits without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends a signal and resolves with the exit code, or null where the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

const main = fileURLToPath(new URL('../../release/main.js', import.meta.url))

/**
 * Starts `threadtap <args>` on free ports, without the environment except for PATH; a busy machine does not decide what is
 * recorded. The caller stops it.
 * @param program its main module; as it is released, if none is named
 */
export function spawnThreadtap(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  program = main,
): Spawned {
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      PORT: '0',
      ADMIN_PORT: '0',
      LOG_LEVEL: 'error',
      SHED_LOAD: 'off',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exited = once(child, 'close').then(([code]) => code as number | null)

  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(stdout)
        if (match !== null) return match
        if (child.exitCode !== null)
          throw new Error(`exited with ${child.exitCode}; it printed: ${stdout}${stderr}`)
        await Promise.race([once(child.stdout, 'data'), exited])
      }
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return exited
    },
  }
}
