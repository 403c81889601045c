import { onTestFinished } from 'vitest'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import { type Spawned, spawnThreadtap } from '../../shared/testing/spawned.ts'

/** A running process of threadtap, with the addresses that it printed. */
export type RunningProcess = Spawned & {
  /** For clients, `http://127.0.0.1:<port>/v1`; absent for a worker. */
  readonly baseUrl: string
  readonly admin: string
  /** Reads JSON from its admin port. */
  getJson<T>(path: string): Promise<T>
  /** Resolves with the first ledger that meets the condition; rejects when one does not add up. */
  waitForLedger(condition: (ledger: LedgerResponse) => boolean): Promise<LedgerResponse>
}

/**
 * Starts `threadtap <command>` as built and waits until it runs. Killed when the test has finished.
 * @param env the first stream is asked for its usage like every other one, unless it says otherwise
 * @param program see spawnThreadtap
 */
export async function run(
  command: string,
  env: Readonly<Record<string, string>>,
  program?: string,
): Promise<RunningProcess> {
  const spawned = spawnThreadtap([command], { INJECT_USAGE: 'always', ...env }, program)
  onTestFinished(() => void spawned.child.kill('SIGKILL'))
  const [, admin = ''] = await spawned.printed(/(http:\/\/[^ ]+)\/metrics/)
  const [, baseUrl = ''] = /OPENAI_BASE_URL=(.*)/.exec(spawned.stdout()) ?? []
  const getJson = async <T>(path: string) => (await (await fetch(`${admin}${path}`)).json()) as T

  return {
    ...spawned,
    baseUrl,
    admin,
    getJson,
    async waitForLedger(condition) {
      for (;;) {
        const ledger = await getJson<LedgerResponse>('/ledger')
        if (!ledger.adds_up) throw new Error(`the ledger does not add up: ${JSON.stringify(ledger)}`)
        if (condition(ledger)) return ledger
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
  }
}

/** Runs a command of threadtap until it exits. */
export async function runToExit(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  program?: string,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const spawned = spawnThreadtap(args, env, program)
  const code = await spawned.exited
  return { code, stdout: spawned.stdout(), stderr: spawned.stderr() }
}
