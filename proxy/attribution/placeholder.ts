/**
 * @returns whether a text is what programs write where they have no id: `undefined` and `[object Object]` (JavaScript),
 * `None` and `nan` (Python), `null`, or nothing
 */
export const isPlaceholder = (text: string): boolean => placeholders.has(text.trim())

const placeholders: ReadonlySet<string> = new Set([
  '',
  'undefined',
  'null',
  'None',
  'nan',
  'NaN',
  '[object Object]',
])
