import { Command } from 'commander'
import type { CliEnvironment } from '../command-line/environment.ts'
import { type AdminOptions, adminOption, jsonOption } from '../command-line/options.ts'

/** As long as delivery waits for an answer by default (LANGFUSE_TIMEOUT). */
const timeoutMs = 10_000

type Options = AdminOptions & { readonly json: boolean }

export function doctorCommand({ env, width, paint, run }: CliEnvironment): Command {
  return new Command()
    .option(...jsonOption)
    .option(...adminOption)
    .action((options: Options) =>
      run(async () => {
        const { doctor } = await import('./doctor.ts')
        return doctor({ ...options, env, width, paint, timeoutMs })
      }),
    )
}
