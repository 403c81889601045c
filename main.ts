#!/usr/bin/env node
import { createProgram } from './cli/program.ts'
import type { Outcome } from './cli/terminal/outcome.ts'

/** Only this module prints outcomes and sets the exit code. */
async function run(command: () => Promise<Outcome | undefined>): Promise<void> {
  try {
    const outcome = await command()
    process.stdout.write(outcome?.text ?? '')
    if (outcome?.ok === false) process.exitCode = 1
  } catch (cause) {
    process.stderr.write(`${sentenceFor(cause)}\n`)
    // exit, not exitCode: handles opened before the failure must not keep the process alive.
    process.exit(1)
  }
}

/** Our own errors are a sentence for people; a defect of the program shows its stack. */
function sentenceFor(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const isDefect = [TypeError, ReferenceError, RangeError, SyntaxError].some((kind) => cause instanceof kind)
  return isDefect ? String(cause.stack) : cause.message
}

const program = createProgram({
  env: process.env,
  // A pipe gets whole lines.
  width: process.stdout.columns ?? Number.POSITIVE_INFINITY,
  now: Date.now(),
  run,
})
await program.parseAsync()
