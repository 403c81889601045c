type TextStyle = {
  readonly size: number
  readonly fill: string
  readonly anchor?: 'middle' | 'end'
  readonly weight?: number
}

/** @param content escaped already where it may hold markup */
export function text(x: number, y: number, content: string, style: TextStyle): string {
  const { size, fill, anchor, weight } = style
  const more = `${anchor ? ` text-anchor="${anchor}"` : ''}${weight ? ` font-weight="${weight}"` : ''}`
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${fill}"${more}>${content}</text>`
}

const round = (value: number): number => Math.round(value * 10) / 10

export const escapeXml = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
