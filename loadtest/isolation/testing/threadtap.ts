import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { LedgerResponse } from '../../../shared/admin/ledger-response.ts'
import { type Spawned, spawnThreadtap } from '../../../shared/testing/spawned.ts'

/** How records travel: in the one process, or over Redis to a worker process. */
export type Carrier = { readonly kind: 'spool' } | { readonly kind: 'redis'; readonly env: Env }
type Env = Readonly<Record<string, string>>

export type RunningThreadtap = {
  /** For clients, with `/v1`. */
  readonly baseUrl: string
  /**
   * Resolves once at least so many records were accepted, and all of them have met their fate; or with the
   * ledger as it stands when nothing has moved for ten seconds: what is missing then is for the check to find.
   */
  settled(atLeast: number): Promise<LedgerResponse>
  /** @throws Error with what a process complained of */
  stop(): Promise<void>
}

/** Starts the real thing as built: `threadtap start`, or a proxy and a worker. */
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
  const endWithUs = () => processes.forEach(({ child }) => void child.kill('SIGKILL'))
  process.once('exit', endWithUs)
  const [front] = processes as [Spawned, ...Spawned[]]
  for (const each of processes) await each.printed(/\/metrics/)
  const [, baseUrl = ''] = await front.printed(/OPENAI_BASE_URL=(\S+)/)
  const [, admin = ''] = await front.printed(/(http:\/\/\S+)\/metrics/)

  return {
    baseUrl,
    async settled(atLeast) {
      let [before, lookedAgain] = ['', 0]
      for (;;) {
        const text = await (await fetch(`${admin}/ledger`)).text()
        const ledger = JSON.parse(text) as LedgerResponse
        const { accepted, spooled, queued } = ledger
        lookedAgain = text === before ? lookedAgain + 1 : 0
        if ((accepted >= atLeast && spooled === 0 && queued === 0) || lookedAgain === 200) return ledger
        before = text
        await pause(50)
      }
    },
    async stop() {
      const codes = await Promise.all(processes.map((each) => each.stop()))
      process.off('exit', endWithUs)
      rmSync(folder, { recursive: true, force: true })
      const complaint = processes.map((each) => each.complaint()).join('')
      if (complaint !== '' || codes.some((code) => code !== 0))
        throw new Error(`exited ${codes}: ${complaint}`)
    },
  }
}
