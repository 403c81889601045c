#!/usr/bin/env node
import { createProgram } from './cli/program.ts'
import type { Outcome } from './cli/terminal/outcome.ts'

/** Only this module writes what commands say, and decides the exit code. */
async function run(command: () => Promise<Outcome | undefined>): Promise<void> {
  try {
    const outcome = await command()
    process.stdout.write(outcome?.text ?? '')
    if (outcome?.ok === false) process.exitCode = 1
  } catch (cause) {
    process.stderr.write(`${sentenceFor(cause)}\n`)
    // Not only the code: what had been opened before it failed must not keep the process.
    process.exit(1)
  }
}

/** What we throw ourselves is a sentence for people; a stack is shown where the fault is the program's. */
function sentenceFor(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const isDefect = [TypeError, ReferenceError, RangeError, SyntaxError].some((kind) => cause instanceof kind)
  return isDefect ? String(cause.stack) : cause.message
}

const program = createProgram({
  env: process.env,
  // Nothing has to fit where nobody looks: a pipe gets whole lines.
  width: process.stdout.columns ?? Number.POSITIVE_INFINITY,
  now: Date.now(),
  run,
})
await program.parseAsync()
