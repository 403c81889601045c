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
    load: async () => processCommand(async () => (await import('../processes/start.ts')).start),
  },
  {
    name: 'proxy',
    description: 'run only the proxy; REDIS_URL leads to the workers',
    load: async () => processCommand(async () => (await import('../processes/proxy.ts')).proxy),
  },
  {
    name: 'worker',
    description: 'run only the worker; REDIS_URL leads to the proxies',
    load: async () => processCommand(async () => (await import('../processes/worker.ts')).worker),
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
    name: 'call',
    description: 'show one call in full',
    load: async () => (await import('./call/command.ts')).callCommand,
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
    name: 'runs',
    description: 'list the newest agent runs of the local store',
    load: async () => (await import('./runs/command.ts')).runsCommand,
  },
  {
    name: 'run',
    description: 'draw one agent run as a tree',
    load: async () => (await import('./runs/command.ts')).runCommand,
  },
  {
    name: 'dead',
    description: 'what could not be delivered',
    load: async () => (await import('./dead.ts')).deadCommand,
  },
  {
    name: 'completion',
    description: 'print a script that completes commands and options: bash, zsh or fish',
    load: async () => (await import('./completion/command.ts')).completionCommand,
  },
]

/**
 * The program that these arguments ask for: the commands that they name are loaded, the others are only listed. Completion
 * has to know the options of all.
 * @param args those behind `threadtap`
 */
export async function createProgram(cli: CliEnvironment, args: readonly string[]): Promise<Command> {
  const program = new Command('threadtap')
    .description('A sidecar that records what applications say to language models without their noticing.')
    .version(readVersion())
    .addHelpText('after', '\nSettings are environment variables: docs/settings.md.')
  const isAsked = (name: string) => args.includes(name) || args.includes('completion')
  for (const { name, description, load } of commands) {
    const command = isAsked(name) ? (await load())(cli) : new Command()
    program.addCommand(command.name(name).description(description))
  }
  return program
}

/** Loads the process when it runs: completion, which takes all commands, has no use for it. */
const processCommand =
  (load: () => Promise<(env: NodeJS.ProcessEnv) => Promise<void>>) =>
  ({ env, run }: CliEnvironment): Command =>
    new Command().action(() =>
      run(async () => {
        const runProcess = await load()
        await runProcess(env)
        return undefined
      }),
    )
