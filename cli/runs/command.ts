import { Command } from 'commander'
import { loadConfig } from '../../shared/config/load.ts'
import type { CliEnvironment } from '../command-line/environment.ts'
import { addFilterOptions, type FilterOptions } from '../command-line/filter-options.ts'
import {
  type AdminOptions,
  adminOption,
  jsonOption,
  type ListOptions,
  limitOption,
} from '../command-line/options.ts'

export function runsCommand({ env, width, paint, now, run }: CliEnvironment): Command {
  return addFilterOptions(new Command())
    .option(...limitOption)
    .option(...jsonOption)
    .option(...adminOption)
    .action((options: ListOptions & FilterOptions) =>
      run(async () => {
        const { listRuns } = await import('./list-runs.ts')
        return listRuns({ ...options, config: loadConfig(env), width, paint, now })
      }),
    )
}

export function runCommand({ env, width, paint, now, run }: CliEnvironment): Command {
  return new Command()
    .argument('[id]', 'of the run or of one of its calls, or what it ends with (default: the newest)')
    .option(...jsonOption)
    .option(...adminOption)
    .action((id: string | undefined, options: AdminOptions & { readonly json: boolean }) =>
      run(async () => {
        const { showRun } = await import('./show-run.ts')
        const config = loadConfig(env)
        return showRun({ ...options, ...(id !== undefined && { id }), config, width, paint, now })
      }),
    )
}
