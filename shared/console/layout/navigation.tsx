import { type Section, sections } from './page.ts'

type NavigationProps = { readonly section: Section | undefined; readonly canLogOut: boolean }

/** The head of each page: its sections, the current one marked, and the way out. */
export function Navigation({ section, canLogOut }: NavigationProps) {
  return (
    <header class="head">
      <a class="home" href="/">
        threadtap
      </a>
      <nav aria-label="Pages">
        <ul>
          {Object.entries(sections).map(([path, name]) => (
            <li>
              <a href={path} aria-current={path === section ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {canLogOut && (
        <form method="post" action="/logout">
          <button type="submit">Log out</button>
        </form>
      )}
    </header>
  )
}
