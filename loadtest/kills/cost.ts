import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCrashJournal } from '../../proxy/crash-journal/crash-journal.ts'
import { createBeginWriter } from '../../proxy/recorder/journalled-begin.ts'
import { createRingMemory, RingReader, RingWriter } from '../../proxy/tape/ring.ts'
import { Tap } from '../../proxy/tape/tap.ts'
import { spareBytesOf, tapeBytes } from '../../proxy/tape/tape-size.ts'
import { newRecordId, newTraceId } from '../../shared/record/ids.ts'
import { median } from '../overhead/quantile.ts'

// CPU time of the crash journal alone, its writes included, a batch for 20 calls as at 1,000 a second:
//   npm run loadtest:kills:cost

const folder = mkdtempSync(join(tmpdir(), 'threadtap-cost-'))
const memory = createRingMemory(tapeBytes)
const reader = new RingReader(memory)
const tap = new Tap({
  ring: new RingWriter(memory),
  spareBytes: spareBytesOf(memory),
  monotonic: () => performance.now(),
  wake: () => undefined,
})
const journal = createCrashJournal({
  folder: join(folder, 'run.0'),
  writeBegin: createBeginWriter({ tenantOf: (credentials) => `hash of ${credentials.length}` }),
  bodyMaxBytes: 1_048_576,
  recorded: { newest: () => 0, forget: async () => undefined },
  monotonic: () => performance.now(),
  events: {
    journalFailed(cause) {
      throw cause
    },
    journalWorks: () => undefined,
  },
})
const headers = ['authorization', 'Bearer sk-cost', 'x-thread-id', 'thread', 'user-agent', 'cost']
const prompt = Buffer.alloc(600, 'x')

/** One call as the relay leaves it on the tape. @returns its id */
function tapeCall(frames: number, frameBytes: number): string {
  const id = newRecordId(Date.now())
  const begin = { id, freshTraceId: newTraceId(), startedAt: Date.now(), method: 'POST', upstream: 'default' }
  const where = { operation: 'chat', route: '/v1/chat/completions', pathThread: '', body: 'held' } as const
  const call = tap.begin({ ...begin, ...where, headers }, performance.now())
  call.requestData(prompt)
  call.requestEnd()
  call.responseHead(200, ['content-type', 'application/json', 'x-request-id', 'req-1'])
  const frame = Buffer.alloc(frameBytes, 'y')
  for (let number = 0; number < frames; number++) call.responseData(frame)
  call.end({ kind: 'relayed' }, prompt.length)
  return id
}

/** @returns µs of CPU time per call that journalling takes, without what it takes to put the call on the tape */
async function measure(calls: number, frames: number, frameBytes: number): Promise<number> {
  let used = 0
  for (let made = 0; made < calls; made += 20) {
    const ids = Array.from({ length: 20 }, () => tapeCall(frames, frameBytes))
    const before = process.cpuUsage()
    reader.peek(journal.visit)
    await journal.written()
    journal.settle(ids)
    const { user, system } = process.cpuUsage(before)
    used += user + system
    reader.read(() => undefined)
  }
  return used / calls
}

await measure(4_000, 1, 1_200)
for (const [name, frames, frameBytes] of [
  ['plain call of 600 and 1,200 bytes', 1, 1_200],
  ['stream of 50 frames of 295 bytes', 50, 295],
] as const) {
  const rounds: number[] = []
  for (let round = 0; round < 5; round++) rounds.push(await measure(4_000, frames, frameBytes))
  const [low, high] = [Math.min(...rounds), Math.max(...rounds)]
  process.stdout.write(
    `${name}: ${median(rounds).toFixed(1)} µs per call (${low.toFixed(1)} to ${high.toFixed(1)})\n`,
  )
}
await journal.stop?.(new AbortController().signal)
rmSync(folder, { recursive: true, force: true })
