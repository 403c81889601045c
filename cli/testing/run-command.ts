import type { CliEnvironment } from '../command-line/environment.ts'
import { createProgram } from '../program.ts'
import { type Paint, plain } from '../terminal/palette.ts'

export type CommandRun = {
  readonly env?: Readonly<Record<string, string>>
  readonly width?: number
  readonly paint?: Paint
  readonly now?: number
}

/** Runs a command of the program in this process. @returns what it prints; rejects where it fails */
export async function runCommand(args: readonly string[], options: CommandRun = {}): Promise<string> {
  const { env = {}, width = 80, paint = plain, now = Date.now() } = options
  let printed = ''
  const run: CliEnvironment['run'] = async (command) => {
    printed += (await command())?.text ?? ''
  }
  const program = await createProgram({ env, width, paint, now, run }, args)
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap(({ commands }) => commands),
  ]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        printed += text
      },
    })
  }
  await program.parseAsync(args, { from: 'user' })
  return printed
}
