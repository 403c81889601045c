import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A command of threadtap, running as a process of its own. */
export type Spawned = {
  readonly child: ChildProcess
  /** All that it has printed on standard output so far. */
  readonly output: () => string
  /** Resolves with the first match in what it prints; rejects when it exits without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends a signal and resolves with the exit code, or null where the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/**
 * Starts `threadtap <args>` as built, with nothing of the surrounding environment but PATH, on free ports.
 * The caller stops it.
 */
export function spawnThreadtap(args: readonly string[], env: Readonly<Record<string, string>>): Spawned {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const exited = once(child, 'exit') as Promise<[number | null]>

  return {
    child,
    output: () => output,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(output)
        if (match !== null) return match
        if (child.exitCode !== null) throw new Error(`exited with ${child.exitCode}; it printed: ${output}`)
        await Promise.race([once(child.stdout, 'data'), exited])
      }
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const [code] = await exited
      return code
    },
  }
}
