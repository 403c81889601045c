import { once } from 'node:events'
import { createServer } from 'node:net'
import { Agent, request } from 'undici'
import type { Config } from '../../shared/config/load.ts'
import { codeOf, reasonOf } from '../../shared/error-cause.ts'
import { callableUrl, hostInUrl } from '../../shared/http/callable-url.ts'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import type { Check } from './check.ts'
import { ask } from './reach/ask.ts'
import { type Finding, notOk, ok } from './reach/finding.ts'

type Port = {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly hostSetting: string
  readonly portSetting: string
}

/** Whoever has the port of this machine and is ours answers at once. */
const askMs = 1_000

/** Whether the ports can be listened on, or a running threadtap does so already. */
export function portChecks({ host, port, adminHost, adminPort, tlsCert }: Config): Check[] {
  const data = { name: 'data port', host, port, hostSetting: 'HOST', portSetting: 'PORT' }
  const admin = { name: 'admin port', host: adminHost, port: adminPort }
  return [
    portCheck(data, tlsCert === undefined ? isDataPort : isTlsDataPort),
    portCheck({ ...admin, hostSetting: 'ADMIN_HOST', portSetting: 'ADMIN_PORT' }, isAdminPort),
  ]
}

function portCheck(where: Port, isOurs: (url: string) => Promise<boolean>): Check {
  const { name, host, port, hostSetting, portSetting } = where
  const at = `${hostInUrl(host)}:${port}`
  return {
    name,
    async run(): Promise<Finding> {
      if (port === 0) return ok(`any free one (${portSetting}=0)`)
      const cause = await listenFailure(host, port)
      if (cause === undefined) return ok(`${at} is free`)
      const code = codeOf(cause)
      if (code === 'EADDRINUSE') {
        if (await isOurs(callableUrl(`http://${at}`)).catch(() => false)) {
          return ok(`${at} is taken by a running threadtap`)
        }
        return notOk(
          `${at} is taken by another program`,
          `${portSetting}=<another port>, or ${portSetting}=0 for any`,
        )
      }
      if (code === 'EACCES') return notOk(`${at} needs more rights`, `${portSetting}=<1024 or more>`)
      return notOk(`${host} is no address of this machine (${reasonOf(cause)})`, `${hostSetting}=127.0.0.1`)
    },
  }
}

/** Listens for a moment. @returns why that does not work */
async function listenFailure(host: string, port: number): Promise<unknown> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return undefined
  } catch (cause) {
    return cause
  } finally {
    server.close()
  }
}

/** The data port names itself where it refuses a path. */
async function isDataPort(url: string): Promise<boolean> {
  const { body } = await ask(`${url}/`, { signal: AbortSignal.timeout(askMs) })
  return body.includes('threadtap:')
}

/** The same over TLS, whatever the certificate: that it is trusted is the clients' concern. */
async function isTlsDataPort(url: string): Promise<boolean> {
  const connection = new Agent({ connect: { rejectUnauthorized: false } })
  try {
    const signal = AbortSignal.timeout(askMs)
    const { body } = await request(`${url.replace('http:', 'https:')}/`, { dispatcher: connection, signal })
    return (await body.text()).includes('threadtap:')
  } finally {
    await connection.destroy()
  }
}

async function isAdminPort(url: string): Promise<boolean> {
  const { body } = await ask(`${url}/readyz`, { signal: AbortSignal.timeout(askMs) })
  const readiness = parseJson(body)
  return isJsonObject(readiness) && typeof readiness.ready === 'boolean'
}
