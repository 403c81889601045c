/** Masks the user and password of every URL in a text. */
export function maskCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//***@')
}
