import type { DeadLetter, DeadLetterSummary, DeadLetters, Replay } from '../../shared/admin/dead-letters.ts'

/** The parts of a folder that the admin port needs. */
export type DeadLetterSource = {
  /** All ids, in any order. */
  list(): Promise<readonly string[]>
  read(id: string): Promise<DeadLetter | undefined>
  remove(id: string): Promise<void>
}

/**
 * Serves a folder of dead letters to the admin port, with one letter in memory at a time.
 * @param sendAgain resolves to whether the letter was delivered, and removed from the folder
 */
export function deadLetterAdmin(
  source: DeadLetterSource,
  sendAgain: (id: string) => Promise<boolean>,
): DeadLetters {
  async function list({ limit }: { readonly limit: number }): Promise<readonly DeadLetterSummary[]> {
    const summaries: DeadLetterSummary[] = []
    for (const id of await source.list()) {
      const letter = await source.read(id)
      if (letter !== undefined) summaries.push(summarise(letter))
    }
    return summaries.sort((a, b) => b.at.localeCompare(a.at)).slice(0, limit)
  }

  async function replay(ids?: readonly string[]): Promise<Replay> {
    let delivered = 0
    let failed = 0
    for (const id of new Set(ids ?? (await source.list()))) {
      if (await sendAgain(id)) delivered += 1
      else failed += 1
    }
    return { delivered, failed }
  }

  async function purge(ids: readonly string[]): Promise<number> {
    let purged = 0
    for (const id of new Set(ids)) {
      if ((await source.read(id)) === undefined) continue
      await source.remove(id)
      purged += 1
    }
    return purged
  }

  return { list, read: (id) => source.read(id), replay, purge }
}

function summarise({ id, at, reason, sink, record }: DeadLetter): DeadLetterSummary {
  const threadId = record?.context.threadId
  return { id, at, reason, ...(sink !== undefined && { sink }), ...(threadId !== undefined && { threadId }) }
}
