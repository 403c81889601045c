import { totalOf } from '../../ledger/ledger.ts'
import { capitalized } from '../../presentation/capitalized.ts'
import type { Health } from './read-health.ts'

/** One sentence about the process. */
export type Finding = { readonly kind: 'good' | 'warning' | 'bad'; readonly text: string }

/** What the health of a process means, in sentences: what is bad first. */
export function findingsOf(health: Health): readonly Finding[] {
  const found = [...partFindings(health), ...recordFindings(health), ...placeFindings(health)]
  const order = ['bad', 'warning', 'good']
  return found.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

function partFindings({ failing, degraded }: Health): Finding[] {
  const failed: Finding[] = [
    ...failing.map((name) => bad(`The check ${name} fails: this process is not ready.`)),
    ...degraded.map(({ effect, reason }) => bad(`${capitalized(effect)} (${reason}).`)),
  ]
  return failed.length > 0 ? failed : [good('Every part of this process works.')]
}

function recordFindings({ ledger, oldestSeconds, dead }: Health): Finding[] {
  const found: Finding[] = []
  if (ledger !== undefined) {
    const { accepted, spooled, queued, dropped } = ledger
    const waiting = spooled + queued
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0)
    if (accepted !== waiting + totalOf(ledger))
      found.push(bad('The ledger does not add up: please report this.'))
    if (accepted === 0)
      found.push(warning('Nothing has been recorded yet: no call has ended since DATA_DIR is in use.'))
    else if (waiting === 0) found.push(good('No record waits to be delivered.'))
    else found.push(warning(`${recordsText(waiting)} on the way.`))
    if (lost > 0) found.push(warning(`${recordsText(lost)} dropped, and counted by reason below.`))
  }
  if (oldestSeconds !== undefined && oldestSeconds > longSeconds)
    found.push(warning(`The oldest record has waited for ${ageText(oldestSeconds)}.`))
  if (dead !== undefined && dead.count > 0)
    found.push(
      bad(
        `${dead.count === 1 ? 'A dead letter waits' : `${dead.count} dead letters wait`} for somebody to decide: they are listed below.`,
      ),
    )
  return found
}

/** More than batches and retries explain. */
const longSeconds = 60

function placeFindings({ spool, redis, sinks }: Health): Finding[] {
  const found: Finding[] = []
  if (spool !== undefined) {
    const share = spool.bytes / Math.max(spool.limitBytes, 1)
    const text = `The spool holds ${bytesText(spool.bytes)} of at most ${bytesText(spool.limitBytes)}.`
    found.push(share > 0.8 ? bad(`${text} When it is full the oldest records are dropped.`) : good(text))
  }
  if (redis !== undefined) {
    const packs = redis.packs === undefined ? '' : `, and has ${redis.packs} packs`
    found.push(good(`Redis takes records${packs}.`))
  }
  for (const { name, isHeld, delivered } of sinks) {
    found.push(
      isHeld
        ? bad(
            `The sink ${name} refuses records until somebody changes something: its credentials, most often.`,
          )
        : good(`The sink ${name} has taken ${recordsText(delivered)} since the start.`),
    )
  }
  return found
}

const good = (text: string): Finding => ({ kind: 'good', text })
const warning = (text: string): Finding => ({ kind: 'warning', text })
const bad = (text: string): Finding => ({ kind: 'bad', text })

const recordsText = (count: number): string => (count === 1 ? 'one record' : `${count} records`)

function ageText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} seconds`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
}

/** @returns `1.2 MB`: bytes in powers of 1,000 */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  const value = bytes / 1_000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}
