import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'

const module = new URL('./end-with-parent.mjs', import.meta.url).href

const program = `
import { endWithParent } from ${JSON.stringify(module)}
endWithParent()
process.on('SIGTERM', () => {
  console.log('SIGTERM')
  process.exit()
})
setInterval(() => {}, 1000)
console.log(process.pid)
`

test('what a shell runs gets SIGTERM when the shell ends without handing it on', async () => {
  // A second command keeps the shell from becoming the first one.
  const command = '"$NODE" --input-type=module --eval "$PROGRAM"; exit'
  const shell = spawn('sh', ['-c', command], {
    env: { ...process.env, NODE: process.execPath, PROGRAM: program },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  shell.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text
  })
  await once(shell.stdout, 'data')
  const pid = Number.parseInt(printed, 10)
  onTestFinished(() => {
    if (!printed.includes('SIGTERM')) process.kill(pid, 'SIGKILL')
  })
  shell.kill('SIGTERM')
  await once(shell.stdout, 'end')
  expect(printed).toBe(`${pid}\nSIGTERM\n`)
})
