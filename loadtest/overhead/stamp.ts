/** Microseconds on the clock that all processes of a machine share. */
const nowMicros = (): number => Number(process.hrtime.bigint() / 1_000n)

/** What the upstream writes into a paced frame at the moment of sending it. */
export const stamp = (): string => `@${nowMicros()}@`

/**
 * Reads a stream of stamped frames.
 * @returns takes a chunk and gives the ages in ms of the frames that came whole with it
 */
export function ageReader(): (chunk: Buffer) => readonly number[] {
  let rest = ''
  return (chunk) => {
    const now = nowMicros()
    const text = rest + chunk.toString('latin1')
    const end = text.lastIndexOf('\n\n') + 1
    rest = text.slice(end)
    return [...text.slice(0, end).matchAll(/@(\d+)@/g)].map(([, micros]) => (now - Number(micros)) / 1_000)
  }
}
