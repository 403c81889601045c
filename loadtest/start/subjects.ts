import { fileURLToPath } from 'node:url'

/** What is compared: bare Node first, then the release. */
export type StartSubject = {
  readonly name: string
  /** Arguments of node. */
  readonly args: readonly string[]
  /** The most that it may take; none for what is only there to be compared with. */
  readonly goal?: Goal
}

/** A multiple of bare Node's time, or MB. */
export type Goal = { readonly atMost: number; readonly unit: 'x' | 'MB' }

const main = fileURLToPath(new URL('../../../release/main.js', import.meta.url))

const bareServer = `
require('node:http').createServer((request, response) => response.end()).listen(0, '127.0.0.1', () => console.log('up'))`
const bareThreads = `${bareServer}
new (require('node:worker_threads').Worker)(${JSON.stringify(bareServer.replace("console.log('up')", '0'))}, { eval: true })`

/** Programs that end by themselves. */
export const commands: readonly [StartSubject, ...StartSubject[]] = [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: 'threadtap --version', args: [main, '--version'], goal: { atMost: 1.5, unit: 'x' } },
  { name: 'threadtap --help', args: [main, '--help'] },
]

/** Programs that wait. Each prints something once it listens. */
export const servers: readonly [StartSubject, ...StartSubject[]] = [
  { name: 'bare Node server', args: ['-e', bareServer] },
  { name: 'bare Node server, a second one in a thread', args: ['-e', bareThreads] },
  { name: 'threadtap proxy', args: [main, 'proxy'], goal: { atMost: 70, unit: 'MB' } },
  { name: 'threadtap start', args: [main, 'start'] },
]
