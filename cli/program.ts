import { Command } from 'commander'
import { readVersion } from '../shared/version.ts'
import type { CliEnvironment } from './command-line/environment.ts'

type CommandEntry = {
  readonly name: string
  readonly description: string
  /** The only place that loads what a command needs: each takes memory and time that the others do without. */
  readonly load: () => Promise<(cli: CliEnvironment) => Command>
}

/** The commands of `threadtap`, in the order of its help. */
const commands: readonly CommandEntry[] = [
  {
    name: 'start',
    description: 'run proxy and worker in this process',
    load: async () => processCommand((await import('../processes/start.ts')).start),
  },
  {
    name: 'proxy',
    description: 'run only the proxy; REDIS_URL leads to the workers',
    load: async () => processCommand((await import('../processes/proxy.ts')).proxy),
  },
  {
    name: 'worker',
    description: 'run only the worker; REDIS_URL leads to the proxies',
    load: async () => processCommand((await import('../processes/worker.ts')).worker),
  },
  {
    name: 'doctor',
    description: 'say whether every setting and dependency works, and how to mend it',
    load: async () => (await import('./doctor/command.ts')).doctorCommand,
  },
  {
    name: 'calls',
    description: 'list the newest calls of the local store',
    load: async () => (await import('./calls.ts')).callsCommand,
  },
  {
    name: 'logs',
    description: 'show and follow the log of one thread (THREAD_LOGS=on)',
    load: async () => (await import('./logs.ts')).logsCommand,
  },
  {
    name: 'threads',
    description: 'list the threads of the local store',
    load: async () => (await import('./threads.ts')).threadsCommand,
  },
  {
    name: 'dead',
    description: 'what could not be delivered',
    load: async () => (await import('./dead.ts')).deadCommand,
  },
]

/**
 * The program that these arguments ask for: the commands that they name are loaded, the others are only listed.
 * @param args those behind `threadtap`
 */
export async function createProgram(cli: CliEnvironment, args: readonly string[]): Promise<Command> {
  const program = new Command('threadtap')
    .description('A sidecar that records what applications say to language models without their noticing.')
    .version(readVersion())
    .addHelpText('after', '\nSettings are environment variables: docs/settings.md.')
  for (const { name, description, load } of commands) {
    const command = args.includes(name) ? (await load())(cli) : new Command()
    program.addCommand(command.name(name).description(description))
  }
  return program
}

const processCommand =
  (runProcess: (env: NodeJS.ProcessEnv) => Promise<void>) =>
  ({ env, run }: CliEnvironment): Command =>
    new Command().action(() => run(() => runProcess(env).then(() => undefined)))
