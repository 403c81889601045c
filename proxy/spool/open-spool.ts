import { join } from 'node:path'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { countLost } from './count-lost.ts'
import type { StoredContent } from './database.ts'
import { type CopiedLedger, createLedgerCopy } from './ledger-copy.ts'
import { createPackIndex, type PackIndex } from './pack-index.ts'
import { packKey, parsePackKey } from './pack-keys.ts'
import { publishedPacks } from './published-packs.ts'
import { putPacks } from './put-packs.ts'
import { createRecordedCalls } from './recorded-calls.ts'
import { settlePacks } from './settle-packs.ts'
import type { Spool, SpoolOptions } from './spool.ts'
import { toLedger } from './spool-ledger.ts'
import { createSpoolMetadata } from './spool-metadata.ts'
import type { SpoolParts } from './spool-parts.ts'
import { createSpoolStore } from './spool-store.ts'
import { takePacks } from './take-packs.ts'

/**
 * Opens the spool with what an earlier process left there. When the disk fails, now or later, the spool works
 * in memory until the disk is back.
 * @throws SpoolInUse when another process has it
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { events } = options
  const metadata = createSpoolMetadata()
  const index = createPackIndex()
  const copy = createLedgerCopy(join(options.dir, 'spool-ledger.json'), () => ({
    ...metadata.stored(),
    oldestNumber: index.oldestNumber() ?? metadata.ledger.nextNumber,
  }))
  const lastKnown = await copy.read()
  const store = createSpoolStore({
    dir: join(options.dir, 'spool'),
    metadata: metadata.changes,
    onOpen: (content) => restorePacks(parts, content, lastKnown),
    onWritten: () => copy.write(),
    rescue: { maxBytes: options.memoryMaxBytes, isWanted: (key) => isInIndex(index, key) },
    events,
    ...omitUndefined({ retry: options.retry, lookEveryMs: options.lookEveryMs, answerMs: options.answerMs }),
  })
  const parts: SpoolParts = { metadata, index, store, events }

  const recorded = createRecordedCalls(store)
  await store.open()
  recorded.written(metadata.ledger.nextNumber - 1)
  return {
    get origin() {
      return metadata.origin
    },
    ...putPacks(parts, options, recorded),
    recorded,
    recordsAfter: index.recordsAfter,
    ...takePacks(parts, options),
    ...settlePacks(parts),
    ...publishedPacks(parts),
    ledger: () => toLedger(metadata.ledger, index.records, index.publishedRecords),
    size: () => ({ bytes: index.bytes, waitingPacks: index.waiting }),
    oldestAt: index.oldestAt,
    async close() {
      await store.close()
      await copy.close()
    },
  }
}

/** @returns the keys of packs that are settled: a database that was repaired brings back what was deleted from it. */
function restorePacks(
  parts: SpoolParts,
  content: StoredContent,
  lastKnown: CopiedLedger | undefined,
): readonly string[] {
  const { metadata, index } = parts
  if (!metadata.restore(content, lastKnown)) {
    const known = index.keys()
    return content.packKeys.filter((key) => !known.has(key))
  }
  const settledBefore = lastKnown?.origin === metadata.origin ? (lastKnown.oldestNumber ?? 0) : 0
  const stale: string[] = []
  for (const key of content.packKeys) {
    const entry = parsePackKey(key)
    if (entry === undefined) continue
    if (entry.number < settledBefore) {
      stale.push(key)
      continue
    }
    index.add(entry)
    if (entry.bytes === 0) index.publish(entry)
    else index.offer(entry)
  }
  countLost(parts)
  return stale
}

function isInIndex(index: PackIndex, key: string): boolean {
  const entry = parsePackKey(key)
  const known = entry && index.find(entry.number)
  return known !== undefined && packKey(known) === key
}
