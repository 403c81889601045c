import { parseJson } from '../json.ts'
import { type PresetContext, parseContext } from './preset-context.ts'
import { UnusableValue } from './unusable-value.ts'

/** Parses the text of a setting. @throws Error whose message completes "PORT must be ..." */
export type Parse<T> = ((text: string) => T) & {
  /**
   * What every text that it takes fits, in upper or lower case, for the schema of the chart's values: a wrong value is found
   * before a pod is made with it. RE2, which has no lookahead.
   */
  readonly pattern?: string
}

const invalid = (expected: string): Error => new Error(expected)

/** A parser that takes only what fits. */
export const fitting = <T>(pattern: string, parse: Parse<T>): Parse<T> => Object.assign(parse, { pattern })

export const text: Parse<string> = (value) => value

const wholeNumber = /^[0-9]+$/

export function integer(min: number, max: number): Parse<number> {
  return fitting(wholeNumber.source, (value) => {
    const number = Number(value)
    if (!wholeNumber.test(value) || number < min || number > max) {
      throw invalid(`a whole number from ${min} to ${max}`)
    }
    return number
  })
}

export const port: Parse<number> = integer(0, 65_535)

const decimalNumber = /^[0-9]+(\.[0-9]+)?$/

/** Seconds in the environment, milliseconds in the program. */
export function seconds(min: number, max: number): Parse<number> {
  return fitting(decimalNumber.source, (value) => {
    const number = Number(value)
    if (!decimalNumber.test(value) || number < min || number > max) {
      throw invalid(`a number of seconds from ${min} to ${max}`)
    }
    return Math.round(number * 1000)
  })
}

const fraction = /^[0-9]*\.?[0-9]+$/

export const ratio: Parse<number> = fitting(fraction.source, (value) => {
  const number = Number(value)
  if (!fraction.test(value) || number > 1) throw invalid('a number from 0 to 1')
  return number
})

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  on: true,
  yes: true,
  false: false,
  '0': false,
  off: false,
  no: false,
}

export const boolean: Parse<boolean> = fitting(`^(${Object.keys(booleans).join('|')})$`, (value) => {
  const parsed = booleans[value.toLowerCase()]
  if (parsed === undefined) throw invalid('true or false')
  return parsed
})

export function oneOf<const T extends string>(...choices: readonly T[]): Parse<T> {
  return fitting(`^(${choices.join('|')})$`, (value) => {
    const found = choices.find((choice) => choice === value.toLowerCase())
    if (found === undefined) throw invalid(`one of ${choices.join(', ')}`)
    return found
  })
}

/** `a,b`: some of the choices; `none` for none of them. */
export function someOf<const T extends string>(...choices: readonly T[]): Parse<ReadonlySet<T>> {
  const parseOne = oneOf(...choices)
  return fitting(String.raw`^(none|(${choices.join('|')}|[,\s])*)$`, (value) => {
    if (value.toLowerCase() === 'none') return new Set()
    try {
      return new Set(splitList(value).map(parseOne))
    } catch {
      throw invalid(`none, or some of ${choices.join(', ')}`)
    }
  })
}

/** A base URL, without a trailing slash. */
export function url(...protocols: readonly string[]): Parse<string> {
  return fitting(String.raw`^\s*(${protocols.join('|')})`, (value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined
    if (parsed === undefined || !protocols.includes(parsed.protocol)) {
      throw new UnusableValue(
        `a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
        withScheme(value),
      )
    }
    return value.replace(/\/+$/, '')
  })
}

/** @returns an address without a scheme as a URL: a public host mostly speaks HTTPS, one of one's own with a port does not */
function withScheme(value: string): string | undefined {
  const address = /^(localhost|[\w-]+(\.[\w-]+)*|\[[\da-f:]+\])(:\d+)?(\/|$)/i.exec(value)
  if (address === null || value.includes('//')) return undefined
  const [, host = '', last = '', port] = address
  const isPublic = port === undefined && last !== '' && !/^\.\d+$/.test(last)
  const url = `${isPublic ? 'https' : 'http'}://${value}`
  return host !== '' && URL.canParse(url) ? url : undefined
}

export const httpUrl: Parse<string> = url('http:', 'https:')

/** The same, for a server that is asked with credentials of its own, and by paths that are put after the URL. */
export const plainHttpUrl: Parse<string> = fitting(httpUrl.pattern ?? '', (value) => {
  const text = httpUrl(value)
  const { username, password, search, hash, origin, pathname } = new URL(text)
  if (username === '' && password === '' && search === '' && hash === '') return text
  const instead = `${origin}${pathname.replace(/\/+$/, '')}`
  throw new UnusableValue(`a URL without user, password and query: ${instead}`, instead)
})

/** `key=value,...`: the format of OTEL_EXPORTER_OTLP_HEADERS. */
export const headerList: Parse<Readonly<Record<string, string>>> = (value) => {
  const entries = splitList(value).map((entry): [string, string] => {
    const at = entry.indexOf('=')
    if (at <= 0) throw invalid('key=value,...')
    return [entry.slice(0, at).trim().toLowerCase(), entry.slice(at + 1).trim()]
  })
  return Object.fromEntries(entries)
}

/** Whether streams are asked for their usage: by what is learned of their upstream, always, or never. */
export type InjectUsage = 'auto' | 'always' | 'never'

/** The mode of each upstream that has one of its own, by name, and that of all others. */
export type InjectUsageModes = {
  readonly otherwise: InjectUsage
  readonly byUpstream: ReadonlyMap<string, InjectUsage>
}

const injectUsageMode = oneOf('auto', 'always', 'never')

/** `auto`, or `auto,local=never`. */
export const injectUsage: Parse<InjectUsageModes> = fitting(
  String.raw`^[,\s]*(([^=,]*=)?\s*(auto|always|never)[,\s]*)*$`,
  (value) => {
    const byUpstream = new Map<string, InjectUsage>()
    let otherwise: InjectUsage = 'auto'
    for (const entry of splitList(value)) {
      const at = entry.indexOf('=')
      try {
        const mode = injectUsageMode(entry.slice(at + 1).trim())
        if (at < 0) otherwise = mode
        else byUpstream.set(entry.slice(0, at).trim(), mode)
      } catch {
        throw invalid('auto, always or never, and name=mode,... for single upstreams')
      }
    }
    return { otherwise, byUpstream }
  },
)

/** @returns the entries of a comma-separated list, without empty ones */
export function splitList(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** Langfuse silently files anything else under `default`, so it is rejected here. */
export const environmentName: Parse<string> = fitting('^[a-z0-9_-]{1,40}$', (value) => {
  if (!/^(?!langfuse)[a-z0-9_-]{1,40}$/.test(value)) {
    throw invalid('at most 40 of a-z, 0-9, "-" and "_", not starting with "langfuse"')
  }
  return value
})

/** A JSON object as the context store accepts it. */
export const context: Parse<PresetContext> = fitting(String.raw`^\s*\{`, (value) => {
  try {
    return parseContext(parseJson(value))
  } catch (cause) {
    throw invalid(`a context as JSON (${cause instanceof Error ? cause.message : cause})`)
  }
})
