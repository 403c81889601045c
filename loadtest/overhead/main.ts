import { Agent, request } from 'undici'
import { framesPerStream } from './sizes.ts'
import { bareRelay, nginx, type Subject, startModule, threadtapAlone, threadtapSidecar } from './subjects.ts'

// How much CPU time a call costs the relay's process, beside the least that a relay can do, measured in one
// run on this machine: `npm run loadtest:overhead`. Prints ratios; asserts nothing.

const calls = 8_000
const streams = 200
const atOnce = 20
const rounds = 3

type Cost = { readonly perCall: number; readonly perFrame: number }

const agent = new Agent({ connections: atOnce })
const messages = [{ role: 'user', content: 'x'.repeat(300) }]

async function drive(url: string, count: number, stream: boolean): Promise<void> {
  let left = count
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const { body } = await request(url, {
        method: 'POST',
        dispatcher: agent,
        headers: {
          'content-type': 'application/json',
          'x-thread-id': `t${left % 50}`,
          authorization: 'Bearer sk-x',
        },
        body: JSON.stringify({ model: 'm', messages, stream }),
      })
      await body.dump()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

async function measure(subject: Subject): Promise<Cost> {
  const before = subject.cpuMicros()
  await drive(subject.url, calls, false)
  await settled()
  const between = subject.cpuMicros()
  await drive(subject.url, streams, true)
  await settled()
  const after = subject.cpuMicros()
  return { perCall: (between - before) / calls, perFrame: (after - between) / (streams * framesPerStream) }
}

/** Records are packed and stored a moment later: that work belongs to the calls before it. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 1_000))

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

const upstream = await startModule('./upstream.js')
const subjects = [
  await bareRelay(upstream.port),
  await threadtapSidecar(upstream.port),
  await threadtapAlone(upstream.port),
  await nginx(upstream.port),
].filter((subject) => subject !== undefined)
for (const subject of subjects) await drive(subject.url, calls / 4, false)
const costs = new Map<Subject, Cost[]>(subjects.map((subject) => [subject, []]))
for (let round = 0; round < rounds; round++) {
  for (const subject of subjects) costs.get(subject)?.push(await measure(subject))
}
const typical = [...costs].map(([subject, measured]) => ({
  name: subject.name,
  perCall: median(measured.map(({ perCall }) => perCall)),
  perFrame: median(measured.map(({ perFrame }) => perFrame)),
}))
const [bare] = typical
process.stdout.write('CPU time of the relay process      per call          per SSE frame\n')
for (const { name, perCall, perFrame } of typical) {
  const column = (micros: number, reference = micros) =>
    `${micros.toFixed(1).padStart(7)} µs (${(micros / reference).toFixed(2)}×)`
  process.stdout.write(
    `${name.padEnd(28)} ${column(perCall, bare?.perCall)}  ${column(perFrame, bare?.perFrame)}\n`,
  )
}
await agent.close()
for (const subject of subjects) await subject.stop()
upstream.child.kill()
