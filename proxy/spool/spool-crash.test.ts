import { spawn } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { noCounts, totalOf } from '../../shared/ledger/ledger.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { openSpool } from './open-spool.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const silent = { dropped: () => {}, spoolFailed: () => {}, spoolRepaired: () => {}, spoolRecovered: () => {} }

/** Puts packs in an endless loop, settles a third of them, and prints each number that is on disk. */
const child = `
import { openSpool } from './open-spool.js'
const none = () => {}
const events = { dropped: none, spoolFailed: none, spoolRepaired: none, spoolRecovered: none }
const spool = await openSpool({ dir: process.argv[2], maxBytes: 1e9, memoryMaxBytes: 1e6, events })
process.on('disconnect', () => process.exit())
async function put(n) {
  await spool.put([JSON.stringify({ n })])
  process.stdout.write('put ' + n + '\\n')
  if (n % 3 === 0) {
    const pack = await spool.take(AbortSignal.abort())
    const settled = JSON.parse(pack.text).records[0].n
    process.stdout.write('taken ' + settled + '\\n')
    await spool.settle(pack, { delivered: 1, deadLettered: 0, dropped: {} }, [])
  }
}
for (let n = 0; ; n += 5) await Promise.all([0, 1, 2, 3, 4].map((more) => put(n + more)))
`

test('after kill -9 every pack that was put is there or was settled, and the ledger adds up', async () => {
  const dir = tempDir()
  const script = await compileChild(tempDir())
  let accepted = 0
  for (let round = 0; round < 3; round++) {
    const printed = await runAndKill(script, dir, 200 + 100 * round)

    const spool = await openSpool({ dir, maxBytes: 1e9, memoryMaxBytes: 1e6, events: silent })
    const found = new Set<number>()
    for (
      let pack = await spool.take(AbortSignal.abort());
      pack;
      pack = await spool.take(AbortSignal.abort())
    ) {
      found.add(JSON.parse(pack.text).records[0].n)
      await spool.settle(pack, { ...noCounts, delivered: 1 }, [])
    }
    const lost = printed.put.filter((n) => !found.has(n) && !printed.taken.has(n))
    expect(lost).toEqual([])
    const ledger = spool.ledger()
    expect(ledger.accepted).toBeGreaterThanOrEqual(accepted + printed.put.length)
    expect(totalOf(ledger)).toBe(ledger.accepted)
    accepted = ledger.accepted
    await spool.close()
  }
})

async function compileChild(outDir: string): Promise<string> {
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { ssr: 'proxy/spool/open-spool.ts', outDir, emptyOutDir: false, minify: false },
  })
  symlinkSync(join(root, 'node_modules'), join(outDir, 'node_modules'))
  writeFileSync(join(outDir, 'package.json'), '{"type":"module"}')
  writeFileSync(join(outDir, 'child.js'), child)
  return join(outDir, 'child.js')
}

/** Kills the child when it has printed that many packs. @returns the numbers that it printed */
async function runAndKill(script: string, dir: string, packs: number) {
  const process = spawn(globalThis.process.execPath, [script, dir], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  onTestFinished(() => void process.kill('SIGKILL'))
  const put: number[] = []
  const taken = new Set<number>()
  if (process.stdout === null) throw new Error('no output')
  for await (const line of createInterface({ input: process.stdout })) {
    const [what, n] = line.split(' ')
    if (what === 'put') put.push(Number(n))
    else taken.add(Number(n))
    if (put.length === packs) process.kill('SIGKILL')
  }
  expect(put.length).toBeGreaterThanOrEqual(packs)
  return { put, taken }
}
