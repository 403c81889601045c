/** Microseconds of the monotonic clock, which all processes of a machine share. */
const nowMicros = (): number => Number(process.hrtime.bigint() / 1_000n)

/** Timestamp that the upstream writes into a paced frame when sending it. */
export const stamp = (): string => `@${nowMicros()}@`

/**
 * Reads a stream of stamped frames.
 * @returns a function from a chunk to the ages in ms of the frames that it completes
 */
export function ageReader(): (chunk: Buffer) => readonly number[] {
  let pending = ''
  return (chunk) => {
    const now = nowMicros()
    const text = pending + chunk.toString('latin1')
    const end = text.lastIndexOf('\n\n') + 1
    pending = text.slice(end)
    return [...text.slice(0, end).matchAll(/@(\d+)@/g)].map(([, micros]) => (now - Number(micros)) / 1_000)
  }
}
