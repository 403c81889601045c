/** Tags and attributes of a document, as a browser would see them. */
export type Tag = { readonly name: string; readonly attributes: ReadonlyMap<string, string> }

const tagPattern = /<\/?([a-z][a-z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"<>]*")?)*)\s*\/?>/g

/**
 * Reads HTML strictly: what the pages write, and nothing of what browsers forgive.
 * @throws Error where anything else looks like markup
 */
export function tagsOf(html: string): readonly Tag[] {
  const rest = html.replace(/^<!DOCTYPE html>/, '').replaceAll(tagPattern, '')
  const at = rest.search(/[<>]/)
  if (at >= 0) throw new Error(`markup that no page writes: ${rest.slice(Math.max(0, at - 40), at + 80)}`)
  return [...html.matchAll(tagPattern)].map(([, name = '', attributes = '']) => ({
    name,
    attributes: new Map(
      [...attributes.matchAll(/([a-zA-Z:-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    ),
  }))
}

/** @returns the text of a document, its entities decoded, white space as one space */
export function textOf(html: string): string {
  const text = html
    .replace(/<title>.*?<\/title>/s, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&(lt|gt|quot|amp|#39);/g, (_, name: string) => entities[name] ?? '')
  return text.replaceAll(/\s+/g, ' ').trim()
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" }
