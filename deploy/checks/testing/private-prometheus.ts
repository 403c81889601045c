import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../shared/testing/private-redis.ts'
import { programs } from './prometheus-programs.ts'

/** One element of an instant vector. */
export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/** A Prometheus on 127.0.0.1 that scrapes a few processes every two seconds. */
export type PrivatePrometheus = {
  /**
   * Evaluates an expression.
   * @param at seconds since 1970; now by default
   * @throws with Prometheus' words where it is wrong
   */
  query(expression: string, at?: number): Promise<readonly Sample[]>
  /** @returns a moment at which the last scrape of every target was one that worked, in seconds since 1970 */
  goodMoment(): Promise<number>
  stop(): Promise<void>
}

/** @param targets `host:port` of each */
export async function startPrometheus(targets: readonly string[]): Promise<PrivatePrometheus> {
  if (programs === undefined) throw new Error('no Prometheus here: the test should have been skipped')
  // Another process may take the free port before the server does.
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(programs.prometheus, await freePort(), targets)
    } catch (cause) {
      if (attempt === 3) throw cause
    }
  }
}

async function start(program: string, port: number, targets: readonly string[]): Promise<PrivatePrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-prometheus-'))
  const config = {
    global: { scrape_interval: '2s', scrape_timeout: '2s' },
    scrape_configs: [{ job_name: 'threadtap', static_configs: [{ targets }] }],
  }
  // What is JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config))
  const args = [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=data',
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  const server = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-4_000)
  })
  const exited = once(server, 'close')

  async function stop(): Promise<void> {
    server.kill('SIGKILL')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }

  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url))) {
    if (server.exitCode !== null) {
      await stop()
      throw new Error(`prometheus did not start: ${output.trim()}`)
    }
  }
  return {
    query: (expression, at) => query(url, expression, at),
    async goodMoment() {
      for (;;) {
        const at = Date.now() / 1_000
        const [up] = await query(url, 'sum(up)', at)
        if (up?.value === targets.length) return at
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
    stop,
  }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/-/ready`).catch(() => undefined)
  if (response?.ok) return true
  await new Promise((resolve) => setTimeout(resolve, 50))
  return false
}

type Answer =
  | {
      readonly status: 'success'
      readonly data: {
        readonly resultType: string
        readonly result: readonly {
          readonly metric: Readonly<Record<string, string>>
          readonly value: readonly [time: number, value: string]
        }[]
      }
    }
  | { readonly status: 'error'; readonly error: string }

async function query(url: string, expression: string, at?: number): Promise<readonly Sample[]> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression, ...(at !== undefined && { time: String(at) }) }),
  })
  const answer = (await response.json()) as Answer
  if (answer.status === 'error') throw new Error(`${answer.error}: ${expression}`)
  return answer.data.result.map(({ metric, value }) => ({
    labels: metric,
    // Go's +Inf, -Inf and NaN.
    value: Number(value[1].replace('Inf', 'Infinity')),
  }))
}
