import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { endWithUs, freePort } from './child.ts'

/** A Redis of the comparison's own: 127.0.0.1, nothing kept on disk. */
export async function startRedis(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort()
  const child = spawn(
    'redis-server',
    ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  endWithUs(child)
  let printed = ''
  while (!printed.includes('Ready to accept connections')) {
    const [chunk] = await once(child.stdout, 'data')
    printed += String(chunk)
  }
  child.stdout.resume()
  return { child, url: `redis://127.0.0.1:${port}` }
}
