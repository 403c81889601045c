import type { Cost } from '../pricing/cost-of.ts'
import type { Link } from '../record/run.ts'
import type { Usage } from '../record/usage.ts'

const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** @returns local time: `14:03:12` on the same day as `now`, `11-20 14:03` in the same year, else `2025-11-20` */
export function localTime(at: number, now: number): string {
  const time = new Date(at)
  const clock = `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`
  if (time.toDateString() === new Date(now).toDateString()) return `${clock}:${twoDigits(time.getSeconds())}`
  const day = `${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`
  const isSameYear = time.getFullYear() === new Date(now).getFullYear()
  return isSameYear ? `${day} ${clock}` : `${time.getFullYear()}-${day}`
}

/** @returns `345 ms`, `1.2 s`, `2 min 05 s` */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`
}

/** @returns `12→5`, `123k→1.2M` */
export const inAndOut = (input: number | undefined, output: number | undefined): string =>
  `${countText(input)}→${countText(output)}`

function countText(count: number | undefined): string {
  if (count === undefined) return '-'
  if (count < 10_000) return String(count)
  return count < 999_500 ? `${Math.round(count / 1_000)}k` : `${(count / 1_000_000).toFixed(1)}M`
}

/** @returns `12→5`; `~12→5` when estimated; `-` when it is unknown */
export function tokens(usage: Usage): string {
  if (usage.provenance === 'missing') return '-'
  const { input, output, provenance } = usage
  return `${provenance === 'estimated' ? '~' : ''}${inAndOut(input, output)}`
}

/** @returns `$0.0012` as the provider billed it, `~$0.0012` by list prices, `-` where it is unknown */
export function costText(cost: Cost | undefined): string {
  if (cost === undefined) return '-'
  return `${cost.source === 'price_list' ? '~' : ''}$${usdText(cost.usd)}`
}

/** Two digits that count, however little it is. */
function usdText(usd: number): string {
  if (usd === 0 || usd >= 1) return usd.toFixed(2)
  const digits = Math.min(8, 1 - Math.floor(Math.log10(usd)))
  return usd.toFixed(Math.max(2, digits))
}

/** What an id ends with: enough to name a call by. */
export const shortId = (id: string): string => id.slice(-8)

/** @returns what linked a call to earlier ones; why it was not linked, where that was refused; `-` without a conversation */
export function linkCell(link: Link | undefined): string {
  return link?.refused ?? link?.kind ?? '-'
}
