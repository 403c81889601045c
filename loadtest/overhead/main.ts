import { Agent } from 'undici'
import { type Cost, measureCpu, warmUp } from './measure-cpu.ts'
import { measureTimes, type Times } from './measure-time.ts'
import { median } from './quantile.ts'
import { printCosts, printMemory, printTimes } from './report.ts'
import { bareRelay, nginx, type Subject, startModule, threadtapAlone, threadtapSidecar } from './subjects.ts'

// What it costs to have a relay in the way, beside the least that a relay can do, measured in one run on this
// machine: `npm run loadtest:overhead`. Prints ratios and differences; asserts nothing.

const rounds = 3

type Measured = { readonly costs: Cost[]; readonly times: Times[]; readonly memoryMb: number[] }

const agent = new Agent({ connections: 200 })
const upstream = await startModule('./upstream.js')
const subjects = [
  await bareRelay(upstream.port),
  await threadtapSidecar(upstream.port),
  await threadtapAlone(upstream.port),
  await nginx(upstream.port),
].filter((subject) => subject !== undefined)
const measured = new Map<Subject, Measured>()
for (const subject of subjects) {
  await warmUp(subject, agent)
  measured.set(subject, { costs: [], times: [], memoryMb: [subject.residentMb()] })
}
const straight: Times[] = []
for (let round = 0; round < rounds; round++) {
  straight.push(await measureTimes(`http://127.0.0.1:${upstream.port}/v1/chat/completions`, agent))
  for (const [subject, { costs, times, memoryMb }] of measured) {
    costs.push(await measureCpu(subject, agent))
    times.push(await measureTimes(subject.url, agent))
    memoryMb.push(subject.residentMb())
  }
}
await agent.close()
for (const subject of subjects) await subject.stop()
upstream.child.kill()

const costOf = (costs: readonly Cost[]): Cost => ({
  perCall: median(costs.map(({ perCall }) => perCall)),
  perFrame: median(costs.map(({ perFrame }) => perFrame)),
})
const timesOf = (times: readonly Times[]): Times => ({
  frameMedian: median(times.map(({ frameMedian }) => frameMedian)),
  frameP99: median(times.map(({ frameP99 }) => frameP99)),
  call: median(times.map(({ call }) => call)),
})
const results = [...measured].map(([{ name }, { costs, times, memoryMb }]) => ({
  name,
  cost: costOf(costs),
  times: timesOf(times),
  memoryMb,
}))
printCosts(results)
printTimes(results, timesOf(straight))
printMemory(results)
