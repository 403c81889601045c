import type { Cost } from './measure-cpu.ts'
import type { Times } from './measure-time.ts'
import { slowResponseMs } from './sizes.ts'

const print = (name: string, ...columns: readonly string[]): void =>
  void process.stdout.write(`${name.padEnd(36)}${columns.map((column) => column.padStart(20)).join('')}\n`)

const printHead = (title: string, ...columns: readonly string[]): void => {
  process.stdout.write('\n')
  print(title, ...columns)
}

/** CPU time, absolute and as a multiple of the first result. */
export function printCosts(results: readonly { readonly name: string; readonly cost: Cost }[]): void {
  const first = results[0]?.cost
  printHead('CPU time of the relay process', 'per call', 'per SSE frame')
  for (const { name, cost } of results) {
    const column = (micros: number, reference = micros) =>
      `${micros.toFixed(1)} µs (${(micros / reference).toFixed(2)}×)`
    print(name, column(cost.perCall, first?.perCall), column(cost.perFrame, first?.perFrame))
  }
}

/** @param direct the times without a relay; the difference is printed */
export function printTimes(
  results: readonly { readonly name: string; readonly times: Times }[],
  direct: Times,
): void {
  printHead('Added latency, 200 streams open', 'median', '99 %', `call of ${slowResponseMs} ms`)
  for (const { name, times } of results) {
    const added = (key: keyof Times) => `${(times[key] - direct[key]).toFixed(2)} ms`
    const longer = `${((times.call / direct.call - 1) * 100).toFixed(2)} %`
    print(name, added('frameMedian'), added('frameP99'), `${added('call')} (${longer})`)
  }
}

/** After the warm-up, and after each round of calls. */
export function printMemory(
  results: readonly { readonly name: string; readonly memoryMb: readonly number[] }[],
): void {
  printHead('Memory over time', 'resident MB')
  for (const { name, memoryMb } of results) {
    print(name, `  ${memoryMb.map((mb) => mb.toFixed(0)).join(' → ')}`)
  }
}
