import { Command } from 'commander'
import type { CliEnvironment } from '../command-line/environment.ts'
import { type AdminOptions, adminOption } from '../command-line/options.ts'
import { doctor } from './doctor.ts'

const timeoutMs = 2_000

export function doctorCommand({ env, run }: CliEnvironment): Command {
  return new Command()
    .option(...adminOption)
    .action((options: AdminOptions) => run(() => doctor({ ...options, env, timeoutMs })))
}
