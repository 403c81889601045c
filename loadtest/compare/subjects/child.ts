import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export type Env = Readonly<Record<string, string>>

/** Starts a module of the comparison that sends its port, and waits for it. */
export async function startModule(file: URL, env: Env = {}): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(fileURLToPath(file), { env: { PATH: process.env.PATH ?? '', ...env } })
  const [port] = await once(child, 'message')
  return { child: endWithUs(child), port: port as number }
}

/** A child must not outlive a run that fails. */
export function endWithUs(child: ChildProcess): ChildProcess {
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  return child
}

/** Ends a process, by force where it takes longer than 30 s. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), 30_000)
  await exited
  clearTimeout(force)
}

export const isInstalled = (program: string): boolean => spawnSync(program, ['-v']).error === undefined

/** @returns a port of 127.0.0.1 that nobody listened on a moment ago */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** For a program that says nothing when it is ready. */
export async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.once('error', () => resolve(false)).once('connect', () => socket.destroy())
    })
    if (isUp) return
    await pause(25)
  }
  throw new Error(`nothing listens on port ${port}`)
}
