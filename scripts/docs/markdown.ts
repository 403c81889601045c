/** A Markdown table; cells are escaped and reduced to one line. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|')

export const code = (text: string): string => `\`${text}\``

/** A generated page, with a comment that names its source so that the page itself is not edited. */
export function page(title: string, source: string, ...blocks: readonly string[]): string {
  const origin = `<!-- Generated from ${source} by \`npm run docs\`. -->`
  return `${[`# ${title}`, origin, ...blocks].join('\n\n')}\n`
}
