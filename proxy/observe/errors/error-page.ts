/** Gateways put their message at the beginning of the page. */
const maxPageLength = 16_384

/**
 * The title of an HTML page, else its heading, else its text. In linear time, as the page is untrusted: no pattern
 * here matches across the beginning of the next tag.
 * @returns undefined where the text is not an HTML page
 */
export function pageTitle(text: string): string | undefined {
  const page = text.slice(0, maxPageLength)
  if (!/^\s*<(!doctype|html|head)/i.test(page)) return undefined
  const title = /<(?:title|h1)\b[^<>]*>([^<]+)</i.exec(page)?.[1]
  return title ?? withoutScripts(page).replace(/<[^<>]*>/g, ' ')
}

function withoutScripts(page: string): string {
  const partsToEndTag = page.split(/<\/(?:script|style)>/i)
  return partsToEndTag.map((part) => part.replace(/<(?:script|style)\b[\s\S]*$/i, ' ')).join(' ')
}
