import { setTimeout as pause } from 'node:timers/promises'
import type { CallSummary } from '../../shared/admin/call-store.ts'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { startThreadtap } from '../process/start-threadtap.ts'

/** `threadtap start` as built, with a folder of its own, on free ports. */
export type ThreadtapProcess = {
  readonly origin: string
  readonly pid: number
  /** Resolves once so many records are in its local store. */
  delivered(count: number): Promise<void>
  /** @returns what its API tells of all calls */
  records(): Promise<readonly InferenceRecord[]>
  stop(): Promise<void>
}

export async function startStitchingThreadtap(
  upstreamPort: number,
  stitch: 'on' | 'off',
): Promise<ThreadtapProcess> {
  const { child, origin, admin, stop } = await startThreadtap({
    UPSTREAM_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
    STITCH: stitch,
    LOG_LEVEL: 'error',
  })
  child.stderr.pipe(process.stderr)
  const getJson = async <T>(path: string): Promise<T> => (await (await fetch(`${admin}${path}`)).json()) as T

  return {
    origin,
    pid: child.pid as number,
    async delivered(count) {
      while ((await getJson<LedgerResponse>('/ledger')).delivered < count) await pause(50)
    },
    async records() {
      const found: InferenceRecord[] = []
      for (let before = ''; ; ) {
        const page = await getJson<readonly CallSummary[]>(`/api/calls?limit=200${before}`)
        for (const { id } of page) found.push(await getJson<InferenceRecord>(`/api/calls/${id}`))
        const last = page.at(-1)
        if (last === undefined) return found.reverse()
        before = `&before=${last.id}`
      }
    },
    stop: async () => void (await stop()),
  }
}
