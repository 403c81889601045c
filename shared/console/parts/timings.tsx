import { duration } from '../../presentation/cells.ts'
import type { StreamFacts, Times } from '../../record/record.ts'
import { share } from './share.ts'

/** A stretch of a call's time, in ms after its start. */
export type Stretch = {
  readonly name: string
  readonly look: string
  readonly from: number
  readonly to: number
}

/** @returns how the time of a call divides: waiting, the beginning of the response, its content */
export function stretchesOf({
  firstByteMs,
  firstTokenMs,
  durationMs,
}: Omit<Times, 'startedAt'>): readonly Stretch[] {
  const byte = Math.min(firstByteMs ?? firstTokenMs ?? durationMs, durationMs)
  const token = Math.min(Math.max(firstTokenMs ?? byte, byte), durationMs)
  const all = [
    { name: 'wait for the first byte', look: 'wait', from: 0, to: byte },
    { name: 'from the first byte to the first content', look: 'begin', from: byte, to: token },
    { name: 'content', look: 'stream', from: token, to: durationMs },
  ]
  return all.filter(({ from, to }) => to > from)
}

/** @returns the longest time in which nothing of the stream came, and what followed its last event */
function silencesOf({ durationMs }: Times, stream: StreamFacts | undefined): readonly Stretch[] {
  const { largestGapFromMs: from, largestGapMs = 0, lastEventMs: last } = stream ?? {}
  const gaps = [
    ...(from === undefined ? [] : [{ name: 'longest silence of the stream', from, to: from + largestGapMs }]),
    ...(last === undefined ? [] : [{ name: 'from the last event to the end', from: last, to: durationMs }]),
  ]
  // Shorter ones are how events come in chunks.
  return gaps.filter(({ from, to }) => to - from >= 1).map((gap) => ({ ...gap, look: 'silence' }))
}

type TimingsProps = { readonly times: Times; readonly stream: StreamFacts | undefined }

/** The time of one call as a bar, and the same in a table. */
export function Timings({ times, stream }: TimingsProps) {
  const stretches = [...stretchesOf(times), ...silencesOf(times, stream)]
  return (
    <div class="timings">
      <svg class="bar" aria-hidden="true">
        {stretches.map(({ look, from, to }) => (
          <rect
            class={look}
            x={share(from, times.durationMs)}
            width={share(to - from, times.durationMs)}
            height="100%"
          />
        ))}
      </svg>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" class="number">
              From
            </th>
            <th scope="col" class="number">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {stretches.map(({ name, look, from, to }) => (
            <tr>
              <td>
                <svg class="key" aria-hidden="true">
                  <rect class={look} width="100%" height="100%" />
                </svg>{' '}
                {name}
              </td>
              <td class="number">{duration(from)}</td>
              <td class="number">{duration(to - from)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
