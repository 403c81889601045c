import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** @returns the program's path in the first folder of PATH that has it, or undefined */
export function programInPath(program: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
