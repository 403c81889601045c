import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'

type Damage = {
  readonly injected: string
  damage(file: string): void
  /** Whether records stand in a table by then. Where they stand in the log, LevelDB looks at checksums itself. */
  readonly inTable?: boolean
}

const damages = {
  'spool-bytes-flipped': {
    injected: 'bytes of the spool are changed on disk while the process is down',
    damage(file: string): void {
      const bytes = readFileSync(file)
      for (let at = bytes.length >> 1; at < bytes.length; at += 997) bytes[at] = (bytes[at] ?? 0) ^ 0xff
      writeFileSync(file, bytes)
    },
  },
  'spool-cut-off': {
    injected: '5 KB are cut off the end of the spool while the process is down, as a torn write leaves it',
    damage: (file: string): void => truncateSync(file, Math.max(0, statSync(file).size - 5_000)),
  },
  'spool-deleted': {
    injected: 'the largest file of the spool is deleted while the process is down',
    damage: (file: string): void => truncateSync(file, 0),
  },
  'spool-words-changed': {
    injected:
      'words of records are changed on disk while the process is down, as a disk that returns other bytes than were written',
    damage: (file: string): void =>
      writeFileSync(file, readFileSync(file, 'latin1').replaceAll('Say word-', 'Say mean-'), 'latin1'),
    inTable: true,
  },
} as const satisfies Readonly<Record<string, Damage>>

/** The process ends with records that wait, its spool is damaged, and it starts again. */
function damaged(name: keyof typeof damages): Scenario {
  const { injected, damage, inTable = false }: Damage = damages[name]
  return {
    name,
    injected,
    demands:
      'What cannot be read is counted (spool_lost) or kept as a dead letter, and said; the rest is delivered.',
    world: { deployment: 'start', env: { LOCAL_STORE: 'off' } },
    quick: false,
    async inject({ world, calls, check, note }) {
      await world.proxy.untilLedger(({ spooled }) => spooled === 0)
      world.links.langfuse.refuse()
      for (let pack = 0; pack < 5; pack++) {
        await calls.make(8)
        await world.proxy.untilLedger(({ spooled }) => spooled === 8 * (pack + 1))
      }
      await world.proxy.stop()
      if (inTable) {
        // Opened again, LevelDB makes a table of its log.
        await world.proxy.start()
        await world.proxy.stop()
      }
      damage(largestFile(join(world.proxy.dataDir, 'spool')))
      await world.proxy.start()
      world.links.langfuse.heal()
      const { accepted, dropped, dead_lettered } = await world.proxy.untilLedger(
        ({ spooled }) => spooled === 0,
      )
      const lost = Object.values(dropped).reduce((sum, count) => sum + count, dead_lettered)
      note(`${lost} of 40 waiting records could not be read; ${accepted} are accepted`)
      check(lost > 0, 'nothing was lost, so that nothing was tested')
      check(/damaged|repaired|lost/.test(world.proxy.log()), 'nothing was said about it')
    },
    expects: { patienceMs: 60_000, mayDrop: ['spool_lost'], mayDeadLetter: true },
  }
}

export const spoolBytesFlipped = damaged('spool-bytes-flipped')
export const spoolCutOff = damaged('spool-cut-off')
export const spoolDeleted = damaged('spool-deleted')
export const spoolWordsChanged = damaged('spool-words-changed')

function largestFile(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
  const [largest] = files.sort((a, b) => statSync(b).size - statSync(a).size)
  if (largest === undefined) throw new Error(`nothing is in ${folder}`)
  return largest
}
