/** Select Graphic Rendition parameters of ECMA-48: on, off. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const

export type Style = keyof typeof codes

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style | undefined, text: string) => string

export const plain: Paint = (_style, text) => text

export const coloured: Paint = (style, text) => {
  if (style === undefined || text === '') return text
  const [on, off] = codes[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}

type Terminal = { readonly isTTY?: boolean }
type Environment = Readonly<Record<string, string | undefined>>

/**
 * Colours only for a terminal that has them, and not where NO_COLOR asks for none (https://no-color.org). FORCE_COLOR decides
 * instead, as it does for Node itself: `0` and `false` for none, anything else for colours (https://force-color.org).
 */
export function paintFor({ isTTY = false }: Terminal, { NO_COLOR, FORCE_COLOR, TERM }: Environment): Paint {
  const forced = FORCE_COLOR ?? ''
  if (forced !== '') return /^(0|false)$/.test(forced) ? plain : coloured
  const isWanted = (NO_COLOR ?? '') === '' && TERM !== 'dumb'
  return isTTY && isWanted ? coloured : plain
}
