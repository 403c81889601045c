/** @returns the decoded text, or the text itself where it is not percent-encoded */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
