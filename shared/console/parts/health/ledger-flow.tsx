import { type Ledger, totalOf } from '../../../ledger/ledger.ts'

type Stream = { readonly name: string; readonly count: number; readonly look: string }

/** Where all accepted records are: bands from one bar to several, as thick as there are many. */
export function LedgerFlow({ ledger }: { readonly ledger: Ledger }) {
  const streams = streamsOf(ledger)
  const bands = bandsOf(streams)
  return (
    <svg class="flow" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby="flow-title">
      <title id="flow-title">{sentenceOf(ledger.accepted, streams)}</title>
      <rect class="flow-accepted" x={barAt} y={acceptedAt} width={barWidth} height={barHeight} />
      <text x={barAt - 8} y={acceptedAt + barHeight / 2} text-anchor="end">
        accepted
      </text>
      <text class="flow-count" x={barAt - 8} y={acceptedAt + barHeight / 2 + 18} text-anchor="end">
        {ledger.accepted}
      </text>
      {bands.map(({ name, count, look, from, to, thickness }) => (
        <g class={look}>
          <path class="flow-band" d={bandPath(from, to, thickness)} />
          <rect class="flow-end" x={endAt} y={to} width={barWidth} height={Math.max(thickness, 2)} />
          <text x={endAt + barWidth + 8} y={to + Math.max(thickness, 2) / 2 + 5}>
            {name}: <tspan class="flow-count">{count}</tspan>
          </text>
        </g>
      ))}
    </svg>
  )
}

const width = 640
const height = 240
const top = 15
/** Thickness of all bands together. */
const barHeight = 100
/** Where the accepted records are drawn. */
const acceptedAt = 60
const barAt = 110
const barWidth = 14
const endAt = 430
/** So that no label stands on another. */
const minDistance = 26

const streamsOf = (ledger: Ledger): readonly Stream[] => [
  { name: 'delivered', count: ledger.delivered, look: 'flow-delivered' },
  { name: 'spooled', count: ledger.spooled, look: 'flow-waiting' },
  { name: 'queued', count: ledger.queued, look: 'flow-waiting' },
  { name: 'dead letters', count: ledger.deadLettered, look: 'flow-dead' },
  { name: 'dropped', count: totalOf(ledger) - ledger.delivered - ledger.deadLettered, look: 'flow-dead' },
]

type Band = Stream & { readonly from: number; readonly to: number; readonly thickness: number }

/** Ends are kept apart, however thin a band is. */
function bandsOf(streams: readonly Stream[]): readonly Band[] {
  const total = streams.reduce((sum, { count }) => sum + count, 0)
  let [from, to] = [acceptedAt, top]
  return streams.map((stream) => {
    const share = total === 0 ? 0 : stream.count / total
    const band = { ...stream, from, to, thickness: share * barHeight }
    from += share * barHeight
    to += band.thickness + minDistance
    return band
  })
}

/** A band of even thickness that leaves and arrives horizontally. */
function bandPath(from: number, to: number, thickness: number): string {
  const [start, end] = [barAt + barWidth, endAt]
  const middle = (start + end) / 2
  const bottom = thickness + from
  return `M${start} ${from}C${middle} ${from} ${middle} ${to} ${end} ${to}V${to + thickness}C${middle} ${to + thickness} ${middle} ${bottom} ${start} ${bottom}Z`
}

const sentenceOf = (accepted: number, streams: readonly Stream[]): string =>
  `Of ${accepted} accepted records: ${streams.map(({ name, count }) => `${count} ${name}`).join(', ')}.`
