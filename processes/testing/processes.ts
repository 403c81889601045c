import { onTestFinished } from 'vitest'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import { type Spawned, spawnThreadtap } from '../../shared/testing/spawned.ts'

/** A process of threadtap that is up, with the addresses that it printed. */
export type RunningProcess = Spawned & {
  /** For clients, `http://127.0.0.1:<port>/v1`; absent for a worker. */
  readonly baseUrl: string
  readonly admin: string
  /** Reads JSON from its admin port. */
  look<T>(path: string): Promise<T>
  /** Resolves once the ledger is as asked. */
  ledgerWhere(holds: (ledger: LedgerResponse) => boolean): Promise<LedgerResponse>
}

/** Starts `threadtap <command>` as built, and waits until it runs. It is killed when the test has finished. */
export async function run(command: string, env: Readonly<Record<string, string>>): Promise<RunningProcess> {
  const spawned = spawnThreadtap([command], env)
  onTestFinished(() => void spawned.child.kill('SIGKILL'))
  const [, admin = ''] = await spawned.printed(/(http:\/\/[^ ]+)\/metrics/)
  const [, baseUrl = ''] = /OPENAI_BASE_URL=(.*)/.exec(spawned.output()) ?? []
  const look = async <T>(path: string) => (await (await fetch(`${admin}${path}`)).json()) as T

  return {
    ...spawned,
    baseUrl,
    admin,
    look,
    async ledgerWhere(holds) {
      for (;;) {
        const ledger = await look<LedgerResponse>('/ledger')
        if (!ledger.adds_up) throw new Error(`the ledger does not add up: ${JSON.stringify(ledger)}`)
        if (holds(ledger)) return ledger
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
  }
}

/** Runs a command of threadtap to its end. */
export async function runToEnd(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string; readonly complaint: string }> {
  const spawned = spawnThreadtap(args, env)
  const code = await spawned.exited
  return { code, output: spawned.output(), complaint: spawned.complaint() }
}
