import { relativeTime } from '../../presentation/relative-time.ts'

type WhenProps = {
  /** ms since 1970 */
  readonly at: number
  readonly now: number
}

/** A point in time, as people say it; exactly on hover, where a script puts it into the browser's time zone. */
export function When({ at, now }: WhenProps) {
  const exact = exactTime(at)
  return (
    <time datetime={exact} title={exact}>
      {relativeTime(at, now)}
    </time>
  )
}

/** @returns ISO 8601 in UTC; what no calendar has as its number */
function exactTime(at: number): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString()
}
