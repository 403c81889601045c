import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A bundle moves code away from the files that it finds by their place.
 * @throws Error naming what a module of the folder looks for beside itself and would not find
 */
export function checkReferences(folder: string): void {
  const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.js'),
  )
  const missing = modules.flatMap((module) => {
    // Long lines are broken, in the middle of a string too.
    const text = readFileSync(join(folder, module), 'utf8').replaceAll('\\\n', '')
    return [...text.matchAll(/new URL\(\s*["'`](\.{1,2}\/[^"'`]+)["'`]/g)]
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(join(folder, module, '..', path)))
      .map((path) => `${path}, which ${module} looks for`)
  })
  if (missing.length > 0) throw new Error(`the release lacks ${missing.join('; ')}`)
}
