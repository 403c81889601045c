#!/usr/bin/env node
import type { CliEnvironment } from './cli/command-line/environment.ts'
import { failureSentence } from './cli/terminal/failure-sentence.ts'
import type { Outcome } from './cli/terminal/outcome.ts'
import { paintFor } from './cli/terminal/palette.ts'
import { sentence } from './cli/terminal/sentence.ts'
import { surviveOutputErrors } from './cli/terminal/survive-output-errors.ts'
import { widthOf } from './cli/terminal/width.ts'
import { PartsLeftBehind } from './shared/parts-left-behind.ts'
import { readVersion } from './shared/version.ts'

/** Only this module prints outcomes and sets the exit code. */
async function run(command: () => Promise<Outcome | undefined>): Promise<void> {
  try {
    const outcome = await command()
    process.stdout.write(outcome?.text ?? '')
    if (outcome?.ok === false) process.exitCode = 1
    setTimeout(exitNamingHandles, leftOpenMs).unref()
  } catch (cause) {
    process.stderr.write(sentence(failureSentence(cause), widthOf(process.stderr)))
    // exit waits for every thread, and one that writes to a disk that does not answer never comes back.
    if (cause instanceof PartsLeftBehind) process.kill(process.pid, 'SIGKILL')
    // exit, not exitCode: handles opened before the failure must not keep the process alive.
    process.exit(1)
  }
}

/** For what libraries close a moment later, and for output that a pipe has not taken yet. */
const leftOpenMs = 5_000

// What a command leaves in DATA_DIR belongs to its user alone, too: opening a database writes files.
process.umask(0o077)

/** Ends a process whose work is done and that something still keeps alive, such as a client that goes on reconnecting. */
function exitNamingHandles(): void {
  const handles = new Set(process.getActiveResourcesInfo())
  process.stderr.write(`threadtap: ended although something was still open: ${[...handles].join(', ')}\n`)
  process.exit()
}

surviveOutputErrors(process, (text) => {
  process.exitCode = 1
  process.stderr.write(`${text}\n`)
})

const args = process.argv.slice(2)
const [only] = args.length === 1 ? args : []
// Scripts ask for it again and again; it needs no table of commands.
if (only === '--version' || only === '-V') process.stdout.write(`${readVersion()}\n`)
else await runProgram()

async function runProgram(): Promise<void> {
  const cli: CliEnvironment = {
    env: process.env,
    width: widthOf(process.stdout),
    paint: paintFor(process.stdout, process.env),
    now: Date.now(),
    run,
  }
  const { createProgram } = await import('./cli/program.ts')
  const program = await createProgram(cli, args)
  await program.parseAsync(args, { from: 'user' })
}
