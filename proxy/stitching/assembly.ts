import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { indexLimits } from './call-index.ts'
import { openJournal } from './journal.ts'
import { createSharedMemory, sharedStitchingKey } from './shared-memory.ts'
import { createStitching, type Stitching, type StitchingEvents } from './stitching.ts'
import { readStitchingKey } from './stitching-key.ts'

export type StitchingAssembly = {
  readonly stitching: Stitching
  /** Stopped after the last record has been made. */
  readonly parts: readonly Part[]
}

export type MemoryEvents = StitchingEvents & {
  /** Called for the first failure in a row: links across a restart, or between sidecars, are lost. */
  stitchingMemoryFailed(where: 'disk' | 'redis', cause: unknown): void
}

type StitchingConfig = Pick<
  Config,
  'stitch' | 'dataDir' | 'redisUrl' | 'queuePrefix' | 'captureContent' | 'captureMaxBytes'
>

/**
 * @param redactText applies REDACT; undefined where nothing is to be redacted
 * @returns undefined with STITCH=off
 */
export async function assembleStitching(
  config: StitchingConfig,
  clock: Clock,
  events: MemoryEvents,
  redactText: ((text: string) => string) | undefined,
): Promise<StitchingAssembly | undefined> {
  const { stitch, dataDir, redisUrl, queuePrefix: prefix } = config
  if (!stitch) return undefined
  const own = readStitchingKey(dataDir)
  const key = redisUrl === undefined ? own : await sharedKey(redisUrl, prefix, own, events)
  const journal = openJournal({
    dataDir,
    onFailure: (cause) => events.stitchingMemoryFailed('disk', cause),
  })
  const shared =
    redisUrl === undefined
      ? undefined
      : createSharedMemory({
          ...{ redisUrl, prefix, clock, idleMs: indexLimits.idleMs },
          onFailure: (cause) => events.stitchingMemoryFailed('redis', cause),
        })
  const stitching = createStitching({
    key,
    capture: { content: config.captureContent, maxBytes: config.captureMaxBytes },
    ...{ clock, events, journal },
    ...(redactText !== undefined && { redactText }),
    ...(shared !== undefined && { shared }),
  })
  const recall: Part = { name: 'stitching', start: stitching.recall }
  return { stitching, parts: [journal, recall, ...(shared === undefined ? [] : [shared])] }
}

/** Without Redis this sidecar links by itself, until it is started again. */
async function sharedKey(
  redisUrl: string,
  prefix: string,
  own: string,
  events: MemoryEvents,
): Promise<string> {
  try {
    return await sharedStitchingKey(redisUrl, prefix, own)
  } catch (cause) {
    events.stitchingMemoryFailed('redis', cause)
    return own
  }
}
