import { maskSecrets } from '../../shared/mask-credentials.ts'

const maxCharacters = 300

/** A bucket that refuses a signature repeats it, with what was signed; its code and message say enough (S3's REST API). */
const errorDocument = /^(?:<\?xml[^>]*>)?\s*<Error>.*?<Code>([^<]*)<\/Code>.*?<Message>([^<]*)<\/Message>/s

/** @returns the beginning of a failed response's body, as one line and without credentials */
export function bodyExcerpt(body: string): string {
  const [, code, message] = errorDocument.exec(body) ?? []
  const said = code === undefined ? body : `${code}: ${message}`
  // Masked before it is cut, since half of a credential is not recognized.
  return maskSecrets(
    said
      .slice(0, 10 * maxCharacters)
      .replace(/\s+/g, ' ')
      .trim(),
  ).slice(0, maxCharacters)
}
