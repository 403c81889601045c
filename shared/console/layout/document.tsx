import { Navigation } from './navigation.tsx'
import type { Page } from './page.ts'

/** What all pages have in common. */
export type Frame = {
  /** Path of the folder that style sheet and script are in, with its last slash. */
  readonly assets: string
  /** When the page is written, ms since 1970: the browser's clock may be another one. */
  readonly now: number
  /** True where who looks has logged in with ADMIN_TOKEN. */
  readonly canLogOut: boolean
}

/** @returns the HTML of a page: text in it is escaped by JSX */
export function htmlDocument(
  { title, section, body, script }: Page,
  { assets, now, canLogOut }: Frame,
): string {
  const html = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="now" content={String(now)} />
        <title>{`${title} · threadtap`}</title>
        <link rel="icon" href={`${assets}icon.svg`} type="image/svg+xml" />
        <link rel="stylesheet" href={`${assets}console.css`} />
        <script type="module" src={`${assets}console.js`} />
        {script && <script type="module" src={`${assets}${script}`} />}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Navigation section={section} canLogOut={canLogOut} />
        <main id="main" tabindex={-1}>
          {body}
        </main>
      </body>
    </html>
  )
  return `<!DOCTYPE html>${html}`
}
