import { codeOf, reasonOf } from '../error-cause.ts'

/** What was to be listened on, and the settings that say so. */
export type ListenAddress = {
  /** For people: `data port`. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly settings: readonly [host: string, port: string]
}

/** The message is one sentence for people: the address, why not, and what to set. */
export class AddressUnavailable extends Error {
  override readonly name = 'AddressUnavailable'

  constructor(address: ListenAddress, cause: unknown) {
    super(sentence(address, cause), { cause })
  }
}

function sentence({ name, host, port, settings }: ListenAddress, cause: unknown): string {
  const [hostSetting, portSetting] = settings
  const at = `the ${name} cannot listen on ${host}:${port}`
  switch (codeOf(cause)) {
    case 'EADDRINUSE':
      return `${at}, which another process has (EADDRINUSE): stop that one, or set ${portSetting} to another port, 0 for any free one`
    case 'EACCES':
      return `${at}, which needs more rights (EACCES): set ${portSetting} to 1024 or more`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${at}, which is no address of this machine (${codeOf(cause)}): set ${hostSetting} to 127.0.0.1, or to 0.0.0.0 for all of them`
    default:
      return `${at} (${reasonOf(cause)}): set ${hostSetting} or ${portSetting}`
  }
}
