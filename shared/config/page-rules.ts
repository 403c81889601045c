import { fitting, type Parse, splitList } from './parsers.ts'

const name = String.raw`[\w-]+(\.[\w-]+)*`
const host = String.raw`(\*|(\*?\.)?${name}\.?(:\d+)?|\[[\da-f:.]+\](:\d+)?)`

/** A list of what fits, separated by commas. */
const listOf = (one: string): string => String.raw`^[\s,]*(${one}(\s*,[\s,]*${one})*)?[\s,]*$`

const oneHost = new RegExp(`^${host}$`)

/**
 * ALLOWED_HOSTS: names as in a Host header, in lower case; `.suffix`, or `*.suffix`, for every name that ends so; `*` for any.
 * Something else would match nothing, silently.
 */
export const hostList: Parse<readonly string[]> = fitting(listOf(host), (value) => {
  const entries = splitList(value.toLowerCase())
  const wrong = entries.find((entry) => !oneHost.test(entry))
  if (wrong !== undefined) {
    throw new Error('names of hosts without scheme and path, separated by commas: llm.example, .corp.example')
  }
  return entries.map((entry) => entry.replace(/^\*\./, '.').replace(/(?<=\w)\.(?=:|$)/, ''))
})

const expectedOrigins =
  'origins of pages, separated by commas: https://app.example, https://*.app.example, http://localhost:3000, or *'

/** ALLOWED_ORIGINS: origins as browsers send them (RFC 6454 §7), `https://*.suffix` for those below a name, `*` for all. */
export const originList: Parse<readonly string[]> = fitting(
  listOf(String.raw`(\*|null|[a-z][a-z\d+.-]*://[^/?#,\s]+/?)`),
  (value) => splitList(value.toLowerCase()).map(parseOrigin),
)

function parseOrigin(entry: string): string {
  // Of files, and of frames without an origin.
  if (entry === '*' || entry === 'null') return entry
  const [, scheme = '', wildcard = '', host = ''] =
    /^([a-z][a-z\d+.-]*:\/\/)(\*\.)?([^/?#*@]+)\/?$/.exec(entry) ?? []
  if (host === '' || !URL.canParse(scheme + host)) throw new Error(expectedOrigins)
  const url = new URL(scheme + host)
  // The port of a scheme is not in an origin; of schemes that URL does not know it takes nothing away.
  return `${scheme}${wildcard}${url.host}`
}
