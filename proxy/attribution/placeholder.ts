/**
 * @returns whether a text is what programs write where they have no id: `undefined` and `[object Object]` (JavaScript),
 * `None` and `nan` (Python), `null`, `<nil>` (Go), `(null)` (C), or nothing
 */
export const isPlaceholder = (text: string): boolean => placeholder.test(text)

const placeholder = /^\s*(?:undefined|null|\(null\)|none|<nil>|\[object \w+\]|nan|)\s*$/i
