import { expect, test } from 'vitest'
import { folders } from './folders.ts'
import { folderOf, importsOf, isTestCode, sourceFiles } from './read-imports.ts'

const files = sourceFiles()
const production = files.filter((file) => !isTestCode(file))
const between = production
  .flatMap(importsOf)
  .map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to), line: `${from} imports ${to}` }))
  .filter(({ from, to }) => from !== to)

test('every folder with code is listed, and nothing else', () => {
  const withCode = new Set(production.map(folderOf))
  // Examples stand each for itself, and import nothing of ours; the configuration of the test runner is no part of the house.
  withCode.delete('deploy/examples')
  expect(Object.keys(folders).sort()).toEqual([...withCode].sort())
})

test('a folder imports only what it may', () => {
  const forbidden = between.filter(({ from, to }) => folders[from]?.imports.includes(to) !== true)
  expect(forbidden.map(({ line }) => line)).toEqual([])
})

test('what a folder may import, it does import', () => {
  const used = new Set(between.map(({ from, to }) => `${from} -> ${to}`))
  const allowed = Object.entries(folders).flatMap(([from, { imports }]) =>
    imports.map((to) => `${from} -> ${to}`),
  )
  expect(allowed.filter((pair) => !used.has(pair))).toEqual([])
})

test('no chain of imports leads from a folder back to itself', () => {
  const circles = Object.keys(folders).filter((folder) => reachable(folder).has(folder))
  expect(circles).toEqual([])
})

test('proxy and worker never import each other, tests included: they meet in shared/record', () => {
  const room = (path: string): string => path.split('/')[0] ?? ''
  const crossing = files
    .flatMap(importsOf)
    .filter(({ from, to }) => [room(from), room(to)].sort().join() === 'proxy,worker')
  expect(crossing).toEqual([])
})

test('only tests import what is made for tests', () => {
  expect(production.flatMap(importsOf).filter(({ to }) => isTestCode(to))).toEqual([])
})

/** All folders that a folder's imports lead to, however far. */
function reachable(start: string): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [...(folders[start]?.imports ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    open.push(...(folders[next]?.imports ?? []))
  }
  return found
}
