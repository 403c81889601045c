const fencePattern = /^ *```.*?^ *```/gms

const withoutFences = (text: string): string => text.replace(fencePattern, '')

/** @returns the targets of links and pictures that lead to a file or heading of ours */
export function relativeLinks(text: string): readonly string[] {
  const targets = [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets.filter((target) => !/^[a-z]+:/.test(target))
}

/**
 * @returns the anchors of a page's headings as GitHub makes them: lower case, letters, digits, `-` and `_` kept, spaces as
 *   `-`, a number after those that come again
 */
export function anchorsOf(text: string): ReadonlySet<string> {
  const counts = new Map<string, number>()
  const anchors = [...withoutFences(text).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) => {
    const anchor = shownText(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    const count = counts.get(anchor) ?? 0
    counts.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  })
  return new Set(anchors)
}

/** Of a link in a heading, what people read of it. */
const shownText = (heading: string): string => heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
