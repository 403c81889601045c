import type { Child } from 'hono/jsx'

/** Leads from a row of a list to all of it; what j and k go to. */
export function RowLink({ href, children }: { readonly href: string; readonly children?: Child }) {
  return (
    <a href={href} data-row>
      {children}
    </a>
  )
}
