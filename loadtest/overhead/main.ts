import { Agent } from 'undici'
import { type Cost, measureCpu, warmUp } from './measure-cpu.ts'
import { measureTimes, type Times } from './measure-time.ts'
import { median } from './quantile.ts'
import { printCosts, printMemory, printTimes } from './report.ts'
import type { Subject } from './subject.ts'
import { bareRelay, nginx, startModule, threadtapSidecar, threadtapStart } from './subjects.ts'

// The cost of a relay compared with a minimal one, measured in one run on one machine:
// `npm run loadtest:overhead`. Prints ratios and differences; asserts nothing.

const rounds = 3

type Measurements = { readonly costs: Cost[]; readonly times: Times[]; readonly memoryMb: number[] }

const agent = new Agent({ connections: 200 })
const upstream = await startModule('./upstream.js')
const subjects = [
  await bareRelay(upstream.port),
  await threadtapSidecar(upstream.port),
  await threadtapStart(upstream.port),
  await nginx(upstream.port),
].filter((subject) => subject !== undefined)
const measured = new Map<Subject, Measurements>()
for (const subject of subjects) {
  await warmUp(subject, agent)
  measured.set(subject, { costs: [], times: [], memoryMb: [subject.residentMb()] })
}
const direct: Times[] = []
for (let round = 0; round < rounds; round++) {
  direct.push(await measureTimes(`http://127.0.0.1:${upstream.port}/v1/chat/completions`, agent))
  for (const [subject, { costs, times, memoryMb }] of measured) {
    costs.push(await measureCpu(subject, agent))
    times.push(await measureTimes(subject.url, agent))
    memoryMb.push(subject.residentMb())
  }
}
await agent.close()
for (const subject of subjects) await subject.stop()
upstream.child.kill()

const medianCost = (costs: readonly Cost[]): Cost => ({
  perCall: median(costs.map(({ perCall }) => perCall)),
  perFrame: median(costs.map(({ perFrame }) => perFrame)),
})
const medianTimes = (times: readonly Times[]): Times => ({
  frameMedian: median(times.map(({ frameMedian }) => frameMedian)),
  frameP99: median(times.map(({ frameP99 }) => frameP99)),
  call: median(times.map(({ call }) => call)),
})
const results = [...measured].map(([{ name }, { costs, times, memoryMb }]) => ({
  name,
  cost: medianCost(costs),
  times: medianTimes(times),
  memoryMb,
}))
printCosts(results)
printTimes(results, medianTimes(direct))
printMemory(results)
