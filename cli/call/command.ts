import { Command } from 'commander'
import { loadConfig } from '../../shared/config/load.ts'
import type { CliEnvironment } from '../command-line/environment.ts'
import { type AdminOptions, adminOption, jsonOption } from '../command-line/options.ts'

type Options = AdminOptions & { readonly json: boolean }

export function callCommand({ env, width, paint, now, run }: CliEnvironment): Command {
  return new Command()
    .argument('[id]', 'of the call, or what it ends with (default: the newest)')
    .option(...jsonOption)
    .option(...adminOption)
    .action((id: string | undefined, options: Options) =>
      run(async () => {
        const { showCall } = await import('./show-call.ts')
        const config = loadConfig(env)
        return showCall({ ...options, ...(id !== undefined && { id }), config, width, paint, now })
      }),
    )
}
