import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../dist/loadtest/fuzz/main.js', import.meta.url))

// A short run of `npm run loadtest:fuzz`, so that neither threadtap nor the fuzzing itself rots unnoticed.
test('random and damaged calls leave the process up, the bytes equal and the ledger right', async () => {
  const child = spawn(process.execPath, [main, '--cases', '150', '--seed', '7'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const [said, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(said + complaint).toMatch(/all is well\n$/)
  expect((await exited)[0]).toBe(0)
})
