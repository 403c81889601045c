import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { endWithUs, freePort, listening, stopChild } from './child.ts'
import { callUrl, type StartSubject } from './subject.ts'

/**
 * Portkey's gateway, which is no dependency of ours: PORTKEY_GATEWAY_DIR names a folder where
 * `npm install --ignore-scripts @portkey-ai/gateway` was run.
 */
export const startPortkey: StartSubject = async (modelPort) => {
  const folder = process.env.PORTKEY_GATEWAY_DIR
  if (folder === undefined) return 'PORTKEY_GATEWAY_DIR is not set'
  const program = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  if (!existsSync(program)) return `there is no ${program}`
  const port = await freePort()
  const child = endWithUs(
    spawn(process.execPath, [program, `--port=${port}`, '--headless'], {
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'production',
        TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost',
      },
      stdio: 'ignore',
    }),
  )
  await listening(port)
  return {
    name: 'portkey',
    url: callUrl(port),
    headers: ['x-portkey-provider', 'openai', 'x-portkey-custom-host', `http://127.0.0.1:${modelPort}/v1`],
    processes: [{ role: 'relay', pid: child.pid ?? 0 }],
    stop: () => stopChild(child),
  }
}
