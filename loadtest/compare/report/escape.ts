const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in HTML, in SVG and in quoted attributes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? '')
