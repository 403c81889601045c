import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { LedgerResponse } from '../../../shared/admin/ledger-response.ts'
import { type Spawned, spawnThreadtap } from '../../../shared/testing/spawned.ts'

/** How records are carried: within one process, or over Redis to a worker process. */
export type Carrier = { readonly kind: 'spool' } | { readonly kind: 'redis'; readonly env: Env }
type Env = Readonly<Record<string, string>>

export type RunningThreadtap = {
  /** For clients, with `/v1`. */
  readonly baseUrl: string
  /**
   * Resolves once at least `minAccepted` records were accepted and all are settled; or with the current ledger when
   * it has not changed for ten seconds: the check then finds what is missing.
   */
  settled(minAccepted: number): Promise<LedgerResponse>
  /** @throws Error with the standard error of the processes, or their exit codes */
  stop(): Promise<void>
}

/** Starts threadtap as built: `threadtap start`, or a proxy and a worker. */
export async function startThreadtap(carrier: Carrier, env: Env): Promise<RunningThreadtap> {
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-isolation-'))
  const commands = carrier.kind === 'spool' ? ['start'] : ['proxy', 'worker']
  const processes = commands.map((command) =>
    spawnThreadtap([command], {
      DATA_DIR: join(folder, command),
      ...env,
      ...(carrier.kind === 'redis' ? carrier.env : {}),
    }),
  )
  const killProcesses = () => processes.forEach(({ child }) => void child.kill('SIGKILL'))
  process.once('exit', killProcesses)
  const [proxy] = processes as [Spawned, ...Spawned[]]
  for (const each of processes) await each.printed(/\/metrics/)
  const [, baseUrl = ''] = await proxy.printed(/OPENAI_BASE_URL=(\S+)/)
  const [, admin = ''] = await proxy.printed(/(http:\/\/\S+)\/metrics/)

  return {
    baseUrl,
    async settled(minAccepted) {
      let [previous, unchangedReads] = ['', 0]
      for (;;) {
        const text = await (await fetch(`${admin}/ledger`)).text()
        const ledger = JSON.parse(text) as LedgerResponse
        const { accepted, spooled, queued } = ledger
        unchangedReads = text === previous ? unchangedReads + 1 : 0
        if ((accepted >= minAccepted && spooled === 0 && queued === 0) || unchangedReads === 200)
          return ledger
        previous = text
        await pause(50)
      }
    },
    async stop() {
      const codes = await Promise.all(processes.map((each) => each.stop()))
      process.off('exit', killProcesses)
      rmSync(folder, { recursive: true, force: true })
      const stderr = processes.map((each) => each.stderr()).join('')
      if (stderr !== '' || codes.some((code) => code !== 0)) throw new Error(`exited ${codes}: ${stderr}`)
    },
  }
}
