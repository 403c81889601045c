import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../dist/loadtest/fuzz/main.js', import.meta.url))

// A short run of `npm run loadtest:fuzz`, which also keeps the fuzzer itself working.
test('random and damaged calls leave the process running, the bytes unchanged and the ledger correct', async () => {
  const child = spawn(process.execPath, [main, '--cases', '150', '--seed', '7'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(stdout + stderr).toMatch(/all is well\n$/)
  expect((await exited)[0]).toBe(0)
})
