import type { Page, Section } from '../layout/page.ts'

/** What keeps a page from being shown, and what to do. */
export type Notice = {
  readonly title: string
  /** Sentences, a paragraph each. */
  readonly sentences: readonly string[]
  readonly section?: Section
}

export function noticePage({ title, sentences, section }: Notice): Page {
  const body = (
    <section class="notice">
      <h1>{title}</h1>
      {sentences.map((sentence) => (
        <p>{sentence}</p>
      ))}
    </section>
  )
  return { title, body, ...(section !== undefined && { section }) }
}
