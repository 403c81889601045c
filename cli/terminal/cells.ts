import type { Usage } from '../../shared/record/usage.ts'

const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** @returns local time: `14:03:12` on the same day as `now`, else `2026-11-20 14:03` */
export function localTime(at: number, now: number): string {
  const time = new Date(at)
  const clock = `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`
  if (time.toDateString() === new Date(now).toDateString()) return `${clock}:${twoDigits(time.getSeconds())}`
  return `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())} ${clock}`
}

/** @returns `345 ms`, `1.2 s`, `2 min 05 s` */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`
}

/** @returns `12→5`; `~12→5` when estimated; `-` when it is unknown */
export function tokens(usage: Usage): string {
  if (usage.provenance === 'missing') return '-'
  const { input, output, provenance } = usage
  return `${provenance === 'estimated' ? '~' : ''}${input ?? '-'}→${output ?? '-'}`
}
