import { Command } from 'commander'
import { proxy } from '../processes/proxy.ts'
import { start } from '../processes/start.ts'
import { worker } from '../processes/worker.ts'
import type { CliEnvironment } from './command-line/environment.ts'

export const startCommand = (cli: CliEnvironment): Command =>
  processCommand(cli, 'start', 'run proxy and worker in this process', start)

export const proxyCommand = (cli: CliEnvironment): Command =>
  processCommand(cli, 'proxy', 'run only the proxy; REDIS_URL leads to the workers', proxy)

export const workerCommand = (cli: CliEnvironment): Command =>
  processCommand(cli, 'worker', 'run only the worker; REDIS_URL leads to the proxies', worker)

function processCommand(
  { env, run }: CliEnvironment,
  name: string,
  description: string,
  runProcess: (env: NodeJS.ProcessEnv) => Promise<void>,
): Command {
  return new Command(name)
    .description(description)
    .action(() => run(() => runProcess(env).then(() => undefined)))
}
