import { Command } from 'commander'
import { readVersion } from '../shared/version.ts'
import { callCommand } from './call/command.ts'
import { callsCommand } from './calls.ts'
import type { CliEnvironment } from './command-line/environment.ts'
import { completionCommand } from './completion/command.ts'
import { deadCommand } from './dead.ts'
import { doctorCommand } from './doctor/command.ts'
import { logsCommand } from './logs.ts'
import { proxyCommand, startCommand, workerCommand } from './process-commands.ts'
import { threadsCommand } from './threads.ts'

const commands = [
  startCommand,
  proxyCommand,
  workerCommand,
  doctorCommand,
  callsCommand,
  callCommand,
  logsCommand,
  threadsCommand,
  deadCommand,
  completionCommand,
]

/** The commands of `threadtap`, in the order of its help. */
export function createProgram(cli: CliEnvironment): Command {
  const program = new Command('threadtap')
    .description('A sidecar that records what applications say to language models without their noticing.')
    .version(readVersion())
    .addHelpText('after', '\nSettings are environment variables: docs/settings.md.')
  for (const command of commands) program.addCommand(command(cli))
  return program
}
