import type { Database } from './database.ts'
import { packRange } from './pack-keys.ts'
import type { UnwrittenChanges } from './unwritten-changes.ts'

/** What to read into memory when the folder is deleted underneath, as long as there is memory for it. */
export type Rescue = { readonly maxBytes: number; readonly isWanted: (key: string) => boolean }

/** Takes packs out of a database whose folder is gone: deleted files can be read for as long as they are open. */
export async function rescuePacks(
  database: Pick<Database, 'entries'>,
  unwritten: UnwrittenChanges,
  { maxBytes, isWanted }: Rescue,
): Promise<void> {
  for await (const [key, text] of database.entries(packRange)) {
    if (unwritten.bytes + text.length > maxBytes) return
    if (isWanted(key)) unwritten.add([[key, text]])
  }
}
