/** @returns the beginning of a text, and how much more there is */
export function shortenedText(text: string, characters: number): string {
  if (text.length <= characters) return text
  return `${text.slice(0, characters)}… [${text.length - characters} more characters]`
}
