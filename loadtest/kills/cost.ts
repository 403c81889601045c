import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAheadFiles } from '../../proxy/crash-journal/ahead-files.ts'
import { defaultAheadLimits } from '../../proxy/crash-journal/ahead-journal.ts'
import { createCrashJournal } from '../../proxy/crash-journal/crash-journal.ts'
import { UnsafeFrames } from '../../proxy/crash-journal/unsafe-frames.ts'
import { createBeginWriter } from '../../proxy/recorder/journalled-begin.ts'
import { createRingMemory } from '../../proxy/tape/ring.ts'
import { RingReader } from '../../proxy/tape/ring-reader.ts'
import { RingWriter } from '../../proxy/tape/ring-writer.ts'
import { Tap } from '../../proxy/tape/tap.ts'
import { spareBytesOf, tapeBytes } from '../../proxy/tape/tape-size.ts'
import { newRecordId, newTraceId } from '../../shared/record/ids.ts'
import { median } from '../overhead/quantile.ts'

// CPU time of the crash journal alone, its writes included, at 1,000 calls a second: the recording thread's part, a batch for
// 50 calls, and the relay's, a batch for 8:
//   npm run loadtest:kills:cost

const folder = mkdtempSync(join(tmpdir(), 'threadtap-cost-'))
const memory = createRingMemory(tapeBytes())
const reader = new RingReader(memory)
const ring = new RingWriter(memory)
const tap = new Tap({
  ring,
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
const ahead = new UnsafeFrames(memory, ring, { bodies: true, headers: true })
const aheadRedacted = new UnsafeFrames(memory, ring, { bodies: false, headers: false })
const aheadFiles = createAheadFiles({
  ...{ ...defaultAheadLimits, folder: join(folder, 'run.0') },
  safeFrames: () => ring.safeFrames,
  monotonic: () => performance.now(),
})
const headers = ['x-thread-id', 'thread', 'user-agent', 'cost']
const prompt = Buffer.alloc(600, 'x')

/** One call as the relay leaves it on the tape. @returns its id */
function tapeCall(frames: number, frameBytes: number): string {
  const id = newRecordId(Date.now())
  const begin = { id, freshTraceId: newTraceId(), startedAt: Date.now(), method: 'POST', upstream: 'default' }
  const where = { operation: 'chat', route: '/v1/chat/completions', pathThread: '', body: 'held' } as const
  const call = tap.begin({ ...begin, ...where, headers }, performance.now(), 'Bearer sk-cost\n')
  call.requestData(prompt)
  call.requestEnd()
  call.responseHead(200, ['content-type', 'application/json', 'x-request-id', 'req-1'])
  const frame = Buffer.alloc(frameBytes, 'y')
  for (let number = 0; number < frames; number++) call.responseData(frame)
  call.end({ kind: 'relayed' }, prompt.length)
  return id
}

type Journalled = { readonly frames: number; readonly frameBytes: number }

/** @returns µs of CPU time per call that journalling takes, without what it takes to put the call on the tape */
async function measure(
  { frames, frameBytes }: Journalled,
  batchCalls: number,
  write: (ids: readonly string[]) => Promise<void>,
): Promise<number> {
  const calls = 4_000
  let used = 0
  for (let made = 0; made < calls; made += batchCalls) {
    const ids = Array.from({ length: batchCalls }, () => tapeCall(frames, frameBytes))
    const before = process.cpuUsage()
    await write(ids)
    const { user, system } = process.cpuUsage(before)
    used += user + system
    reader.read(() => undefined)
    reader.skipUnpeeked(ring.frames)
    reader.noteSafe(reader.peeked)
  }
  return used / calls
}

async function writeTaken(ids: readonly string[]): Promise<void> {
  reader.peek(journal.visit)
  await journal.written()
  journal.settle(ids)
}

async function writeAhead(frames: UnsafeFrames): Promise<void> {
  const batch = frames.take(defaultAheadLimits.batchBytes, false)
  if (batch === undefined) return
  await aheadFiles.append(batch, frames.end)
  frames.release(batch)
}

const loads: readonly (readonly [string, Journalled])[] = [
  ['plain call of 600 and 1,200 bytes', { frames: 1, frameBytes: 1_200 }],
  ['stream of 50 frames of 295 bytes', { frames: 50, frameBytes: 295 }],
]
const parts = [
  ['recording thread', 50, writeTaken],
  ['relay', 8, () => writeAhead(ahead)],
  ['relay with REDACT', 8, () => writeAhead(aheadRedacted)],
] as const
for (const [part, batchCalls, write] of parts) {
  for (const [name, load] of loads) {
    // V8 compiles meanwhile.
    await measure(load, batchCalls, write)
    const rounds: number[] = []
    for (let round = 0; round < 5; round++) rounds.push(await measure(load, batchCalls, write))
    const [low, high] = [Math.min(...rounds), Math.max(...rounds)]
    process.stdout.write(
      `${part}, ${name}: ${median(rounds).toFixed(1)} µs per call (${low.toFixed(1)} to ${high.toFixed(1)})\n`,
    )
  }
}
await journal.stop?.(new AbortController().signal)
await aheadFiles.close()
rmSync(folder, { recursive: true, force: true })
