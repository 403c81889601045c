import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { proxy } from '../processes/proxy.ts'
import { start } from '../processes/start.ts'
import { worker } from '../processes/worker.ts'
import { loadConfig } from '../shared/config/load.ts'
import { adminAddress } from './admin/admin-address.ts'
import { adminClient } from './admin/admin-client.ts'
import { listCalls } from './calls.ts'
import { listDead, replayDead, showDead } from './dead.ts'
import { doctor } from './doctor/doctor.ts'
import { showLog } from './logs.ts'
import type { Outcome } from './terminal/outcome.ts'
import { listThreads } from './threads.ts'

/** What a command is given by the process that it runs in. */
export type CliEnvironment = {
  readonly env: NodeJS.ProcessEnv
  /** Columns of the terminal, Infinity where there is none. */
  readonly width: number
  /** ms since 1970 */
  readonly now: number
  /** Runs a command, shows its outcome and answers for the exit code. */
  run(command: () => Promise<Outcome | undefined>): Promise<void>
}

type Admin = { readonly admin?: string }
type Listing = Admin & { readonly limit: number; readonly json: boolean }

const doctorTimeoutMs = 2_000
const adminOption = ['--admin <url>', 'admin port to ask (default: ADMIN_HOST, ADMIN_PORT)'] as const
const limitOption = ['--limit <n>', 'how many at most', count] as const
const jsonOption = ['--json', 'as JSON', false] as const

/** The commands of `threadtap`. */
export function createProgram(surroundings: CliEnvironment): Command {
  const program = new Command('threadtap')
    .description('A sidecar that records what applications say to language models without their noticing.')
    .addHelpText('after', '\nSettings are environment variables: docs/settings.md.')
  addProcesses(program, surroundings)
  addLooks(program, surroundings)
  addDead(program.command('dead').description('what could not be delivered'), surroundings)
  return program
}

function addProcesses(program: Command, { env, run }: CliEnvironment): void {
  const add = (name: string, does: string, begin: (env: NodeJS.ProcessEnv) => Promise<void>) =>
    program
      .command(name)
      .description(does)
      .action(() => run(() => begin(env).then(() => undefined)))

  add('start', 'run proxy and worker in this process', start)
  add('proxy', 'run only the proxy; REDIS_URL leads to the workers', proxy)
  add('worker', 'run only the worker; REDIS_URL leads to the proxies', worker)
}

function addLooks(program: Command, { env, width, now, run }: CliEnvironment): void {
  program
    .command('doctor')
    .description('say whether every setting and dependency works, and how to mend it')
    .option(...adminOption)
    .action((options: Admin) => run(() => doctor({ ...options, env, timeoutMs: doctorTimeoutMs })))

  program
    .command('calls')
    .description('list the newest calls of the local store')
    .option('--thread <id>', 'only those of one thread')
    .option(...limitOption, 20)
    .option(...jsonOption)
    .option(...adminOption)
    .action((options: Listing & { readonly thread?: string }) =>
      run(async () => listCalls({ ...options, config: loadConfig(env), width, now })),
    )

  program
    .command('logs <thread>')
    .description('show and follow the log of one thread (THREAD_LOGS=on)')
    .option('--no-follow', 'end after what is there')
    .action((thread: string, { follow }: { readonly follow: boolean }) =>
      run(async () => {
        await showLog(join(loadConfig(env).dataDir, 'logs'), thread, follow)
        return undefined
      }),
    )

  program
    .command('threads')
    .description('list the threads of the local store')
    .option(...limitOption, 20)
    .option(...jsonOption)
    .option(...adminOption)
    .action((options: Listing) =>
      run(async () => listThreads({ ...options, config: loadConfig(env), width, now })),
    )
}

function addDead(program: Command, { env, width, now, run }: CliEnvironment): void {
  const letters = ({ admin }: Admin) => adminClient(adminAddress(loadConfig(env), admin)).dead

  program
    .command('list')
    .description('list the newest dead letters')
    .option(...limitOption, 20)
    .option(...adminOption)
    .action((options: Listing) => run(async () => listDead(letters(options), { ...options, width, now })))

  program
    .command('show <id>')
    .description('show one dead letter as JSON')
    .option(...adminOption)
    .action((id: string, options: Admin) => run(async () => showDead(letters(options), id)))

  program
    .command('replay [ids...]')
    .description('send dead letters again')
    .option('--all', 'all of them', false)
    .option(...adminOption)
    .action((ids: string[], options: Admin & { readonly all: boolean }) =>
      run(async () => replayDead(letters(options), ids, options.all)),
    )
}

function count(text: string): number {
  if (!/^[1-9]\d{0,2}$|^1000$/.test(text)) throw new InvalidArgumentError('It must be from 1 to 1000.')
  return Number(text)
}
