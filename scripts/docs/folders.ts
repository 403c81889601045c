import type { Folder } from '../structure/folders.ts'
import { code, markdownTable } from './markdown.ts'

type Folders = Readonly<Record<string, Folder>>

/** The picture in ARCHITECTURE.md: the rooms as a graph, then every folder with what it may import. */
export function foldersPicture(folders: Folders): string {
  return [
    '```mermaid',
    'flowchart TD',
    ...roomEdges(folders).map(([from, to]) => `  ${label(from)} --> ${label(to)}`),
    '```',
    '',
    markdownTable(['folder', 'holds', 'may import'], rows(folders)),
  ].join('\n')
}

/**
 * @returns the text with what stands between the two marks replaced
 * @throws Error where the marks are missing
 */
export function withPicture(text: string, picture: string): string {
  const [begin, end] = [text.indexOf(beginMark), text.indexOf(endMark)]
  if (begin < 0 || end < begin) throw new Error('there is no place for the picture of folders')
  return `${text.slice(0, begin + beginMark.length)}\n${picture}\n${text.slice(end)}`
}

export const beginMark = '<!-- folders: drawn from scripts/structure/folders.ts by `npm run docs` -->'
export const endMark = '<!-- end of folders -->'

const room = (folder: string): string => (folder === '.' ? 'main.ts' : (folder.split('/')[0] ?? folder))
const label = (name: string): string => `${name.replace(/\W/g, '_')}["${name}"]`

function roomEdges(folders: Folders): readonly (readonly [string, string])[] {
  const edges = Object.entries(folders).flatMap(([from, { imports }]) =>
    imports.map((to) => [room(from), room(to)]),
  )
  const distinct = new Set(edges.filter(([from, to]) => from !== to).map((edge) => edge.join(' ')))
  return [...distinct].sort().map((edge) => edge.split(' ') as [string, string])
}

function rows(folders: Folders): readonly (readonly string[])[] {
  return Object.entries(folders).map(([name, { holds, imports }]) => [code(name), holds, shortened(imports)])
}

/** Folders of `shared` by their last name only: nearly every folder imports several. */
function shortened(imports: readonly string[]): string {
  const [ours, shared] = [
    imports.filter((name) => room(name) !== 'shared'),
    imports.filter((name) => room(name) === 'shared'),
  ]
  const rooms = shared.map((name) => name.replace('shared/', '').replace('shared', '·'))
  return [...ours.map(code), ...(rooms.length > 0 ? [`shared: ${rooms.join(', ')}`] : [])].join('; ')
}
